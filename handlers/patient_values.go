package handlers

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"purplecross/db"
	"purplecross/views"
)

var patientFields = []string{
	"name", "species", "breed", "sex", "neutered", "dob", "dob_estimated", "age", "colour", "microchip", "weight",
	"weighed_on", "alert", "insurer", "policy_no", "status", "deceased_on",
}

// patientValues is a patient as its form holds it.
func patientValues(patient db.Patient) map[string]string {
	values := map[string]string{
		"name": patient.Name, "species": string(patient.Species), "breed": patient.Breed, "sex": string(patient.Sex), "neutered": "",
		"dob": views.DayValue(patient.DOB), "dob_estimated": "", "age": "", "colour": patient.Colour, "microchip": "", "weight": "",
		"weighed_on": views.DayValue(patient.WeighedOn), "alert": patient.Alert, "insurer": patient.Insurer, "policy_no": patient.PolicyNo,
		"status": string(patient.Status), "deceased_on": views.DayValue(patient.DeceasedOn),
	}
	if patient.Neutered != nil {
		values["neutered"] = map[bool]string{true: "yes", false: "no"}[*patient.Neutered]
	}
	if patient.DOBEstimated {
		values["dob_estimated"] = "true"
	}
	if patient.Microchip != nil {
		values["microchip"] = *patient.Microchip
	}
	if patient.WeightG != nil {
		values["weight"] = strconv.FormatFloat(float64(*patient.WeightG)/1000, 'f', -1, 64)
	}
	return values
}

// patientFrom is the patient that a form describes, over what is saved, and what is wrong with it. today is the
// clinic's day at UTC midnight.
func patientFrom(values map[string]string, saved db.Patient, today time.Time) (db.Patient, db.Invalid) {
	patient, wrong := saved, db.Invalid{}
	patient.Name, patient.Species, patient.Breed = values["name"], db.Species(values["species"]), values["breed"]
	patient.Sex, patient.Colour, patient.Alert = db.Sex(values["sex"]), values["colour"], values["alert"]
	patient.Insurer, patient.PolicyNo, patient.Status = values["insurer"], values["policy_no"], db.PatientStatus(values["status"])
	patient.Neutered = map[string]*bool{"yes": ptr(true), "no": ptr(false)}[values["neutered"]]
	patient.Microchip = nil
	if values["microchip"] != "" {
		patient.Microchip = ptr(db.NormalMicrochip(values["microchip"]))
	}
	patient.DOB = pastDay(values, "dob", today, wrong)
	patient.DOBEstimated = values["dob_estimated"] == "true" && patient.DOB != nil
	if values["age"] != "" {
		bornAbout(&patient, values["age"], today, wrong)
	}
	weigh(&patient, values, saved, today, wrong)
	patient.DeceasedOn = nil
	if patient.Status == db.PatientDeceased {
		patient.DeceasedOn = pastDay(values, "deceased_on", today, wrong)
	}
	for field, said := range patient.Check() {
		if wrong[field] == "" {
			wrong[field] = said
		}
	}
	return patient, wrong
}

// pastDay reads a day that is not after today; nil when the field is empty.
func pastDay(values map[string]string, field string, today time.Time, wrong db.Invalid) *time.Time {
	day := anyDay(values, field, wrong)
	if day != nil && day.After(today) {
		wrong[field] = "This day is in the future."
		return nil
	}
	return day
}

// anyDay reads a day; nil when the field is empty.
func anyDay(values map[string]string, field string, wrong db.Invalid) *time.Time {
	if values[field] == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, values[field])
	if err != nil || day.Year() < 1900 {
		wrong[field] = "Enter a day like 2026-11-24, or leave it empty."
		return nil
	}
	return &day
}

var ageForm = regexp.MustCompile(`(?i)^(?:about|ca\.?|~)?\s*(\d{1,3})\s*(y|yr|yrs|years?|m|mo|mos|months?|w|wks?|weeks?|d|days?)?(?:\s*old)?$`)

// bornAbout reads "3 years", "8 m" or "10 weeks" as a birth day that is an estimate.
func bornAbout(patient *db.Patient, age string, today time.Time, wrong db.Invalid) {
	parts := ageForm.FindStringSubmatch(age)
	if parts == nil {
		wrong["age"] = "Enter an age like “3 years”, “8 months” or “10 weeks”."
		return
	}
	if patient.DOB != nil {
		wrong["age"] = "Enter either the date of birth or the age, not both."
		return
	}
	count, _ := strconv.Atoi(parts[1])
	var born time.Time
	switch unit := strings.ToLower(parts[2] + "y")[:1]; unit {
	case "m":
		born = today.AddDate(0, -count, 0)
	case "w":
		born = today.AddDate(0, 0, -7*count)
	case "d":
		born = today.AddDate(0, 0, -count)
	default:
		born = today.AddDate(-count, 0, 0)
	}
	if born.Year() < 1900 {
		wrong["age"] = "No patient is that old. Enter an age like “3 years”."
		return
	}
	patient.DOB, patient.DOBEstimated = &born, true
}

var weightForm = regexp.MustCompile(`(?i)^(\d{1,4}(?:[.,]\d{1,4})?)\s*(kg|g)?$`)

// weigh reads the weight, "6.5" in kilograms or "850 g". A new weight is today's unless another day is given with it.
func weigh(patient *db.Patient, values map[string]string, saved db.Patient, today time.Time, wrong db.Invalid) {
	patient.WeightG, patient.WeighedOn = nil, pastDay(values, "weighed_on", today, wrong)
	if values["weight"] == "" {
		if patient.WeighedOn != nil && saved.WeightG == nil {
			wrong["weight"] = "Enter the weight of that day."
		}
		return
	}
	parts := weightForm.FindStringSubmatch(values["weight"])
	if parts == nil {
		wrong["weight"] = "Enter the weight in kilograms, like 6.5."
		return
	}
	amount, _ := strconv.ParseFloat(strings.Replace(parts[1], ",", ".", 1), 64)
	if !strings.EqualFold(parts[2], "g") {
		amount *= 1000
	}
	patient.WeightG = ptr(int(math.Round(amount)))
	weighedAgain := saved.WeightG == nil || *saved.WeightG != *patient.WeightG
	sameDay := views.DayValue(patient.WeighedOn) == views.DayValue(saved.WeighedOn)
	if weighedAgain && sameDay && wrong["weighed_on"] == "" {
		patient.WeighedOn = &today
	}
}

func ptr[T any](value T) *T { return &value }
