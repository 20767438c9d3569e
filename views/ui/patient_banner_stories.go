package ui

import "purplecross/views/gallery"

// PatientBannerStories show who the patient is.
var PatientBannerStories = gallery.Component[PatientBannerProps]{
	Path:  "Clinic/Patient banner",
	View:  PatientBanner,
	Use:   []string{"At the top of everything about one patient, in the same place: who it is, and what can bite."},
	Avoid: []string{"In lists."},
	Anatomy: gallery.Anatomy{Of: "With an alert", Wide: true, Parts: []gallery.Part{
		{Name: "Species", Is: "A picture, for the eye alone; the word is among the facts.", At: ".patient-species"},
		{Name: "Name", Is: "As its owner writes it. The page's first heading.", At: ".patient-name"},
		{Name: "Owner", Is: "Leads to the household.", At: ".patient-owner"},
		{Name: "Facts", Is: "Species, sex, age, weight: the same four in the same place on every screen. A weight has its day.", At: ".patient-facts"},
		{Name: "Alert", Is: "What hurts somebody who does not know it. At most one, in words.", At: ".patient-alert"},
	}},
	Stories: []gallery.Story[PatientBannerProps]{
		{Name: "With an alert", Args: PatientBannerProps{
			ID: 4, Name: "Coco", Species: "dog", Breed: "Beagle", Sex: "Female, neutered", Age: "4 y 2 m", Weight: "6.5 kg", WeighedOn: "3 Nov 2026",
			Alert: "Bites when her paws are touched. Allergic to penicillin.", Owner: "Ana Hernández", OwnerHref: "#household", Status: "active",
		}},
		{Name: "No alert", Args: PatientBannerProps{
			ID: 5, Name: "Tofu", Species: "cat", Breed: "Domestic Shorthair", Sex: "Male, neutered", Age: "about 3 y", Weight: "4 kg", WeighedOn: "12 Jan 2026",
			Owner: "Bo Le", OwnerHref: "#household", Status: "active",
		}},
		{Name: "Compact", Args: PatientBannerProps{
			ID: 4, Name: "Coco", Species: "rabbit", Breed: "Netherland Dwarf", Sex: "Female, entire", Age: "7 m", Weight: "980 g", WeighedOn: "3 Nov 2026",
			Alert: "Pregnant.", Owner: "Ana Hernández", OwnerHref: "#household", Compact: true,
		}},
		{Name: "Hardly known", Args: PatientBannerProps{Name: "Q", Species: "reptile", Sex: "Sex unknown", Age: "Age unknown", Owner: "O Null"}},
		{Name: "Deceased", Args: PatientBannerProps{
			ID: 6, Name: "Søren", Species: "horse", Breed: "Icelandic Horse", Sex: "Male, neutered", Age: "28 y", Weight: "380 kg", WeighedOn: "3 Nov 2025",
			Owner: "Guðrún van der Berg", OwnerHref: "#household", Status: "deceased",
		}},
		{Name: "Long words", Args: PatientBannerProps{
			ID: 7, Name: "Mr. Fluffington the Third of Upper Canyon Road", Species: "small_mammal", Breed: "Long-haired Peruvian guinea pig, probably", Sex: "Sex unknown", Age: "about 12 w", Weight: "38 g", WeighedOn: "24 Nov 2026",
			Alert: "Escapes. Two people, a closed door and a towel at every visit; never on the scale without its box, and never in the same room as a ferret.",
			Owner: "Wolfeschlegelsteinhausenbergerdorff Abernathy-Featherstonehaugh", OwnerHref: "#household", Status: "rehomed",
		}},
		{Name: "From right to left", Dir: "rtl", Args: PatientBannerProps{ID: 8, Name: "بندق", Species: "cat", Sex: "Male, neutered", Age: "3 y", Weight: "4.1 kg", WeighedOn: "3 Nov 2026", Owner: "محمد العلي", OwnerHref: "#household", Alert: "يعض", Status: "active"}},
		{Name: "Narrow", Narrow: true, Args: PatientBannerProps{ID: 4, Name: "Coco", Species: "dog", Breed: "Beagle", Sex: "Female, neutered", Age: "4 y 2 m", Weight: "6.5 kg", WeighedOn: "3 Nov 2026", Alert: "Bites when her paws are touched.", Owner: "Courtney Reilly", OwnerHref: "#household", Status: "active"}},
	},
}
