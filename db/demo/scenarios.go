package demo

import "slices"

// scenario is a reason to come, and what the vet wrote.
type scenario struct {
	visitType  int
	species    []string // none for any
	female     bool     // only when female
	reason     string
	subjective string
	objective  string
	assessment string
	plan       string
	product    string // what was dispensed
	kind       string // of product: medication when empty
	directions string
}

const unremarkable = "Bright, alert, responsive. MM pink, CRT < 2 s. Heart and lungs clear. Abdomen soft. "

var scenarios = []scenario{
	{visitType: consultation, species: dogs, reason: "Limping on left hind", subjective: "Lame since a run in the park two days ago. Eating and drinking well.", objective: unremarkable + "Grade 2/5 lameness left hind, mild stifle effusion, drawer negative.", assessment: "Soft-tissue injury, left stifle.", plan: "Strict rest for two weeks, lead walks only. NSAID for 7 days. Recheck in 14 days; radiographs if no better.", product: "Carprofen 50 mg tablets", directions: "One tablet twice a day with food for 7 days."},
	{visitType: consultation, species: dogs, reason: "Itchy ears", subjective: "Shaking the head and scratching for a week. Swims often.", objective: unremarkable + "Both canals erythematous with brown wax, right worse. Drum seen, intact. Cytology: Malassezia 3+.", assessment: "Bilateral otitis externa, yeast.", plan: "Ears cleaned. Drops for 10 days. Dry the ears after swimming. Recheck cytology in two weeks.", product: "Miconazole ear drops", directions: "Five drops in each ear twice a day for 10 days."},
	{visitType: consultation, species: dogs, reason: "Vomiting and diarrhoea", subjective: "Vomited four times since yesterday, soft stool without blood. Was in the bin.", objective: unremarkable + "About 5 % dehydrated. Mild cranial abdominal discomfort, no mass felt.", assessment: "Acute gastroenteritis, dietary indiscretion.", plan: "Antiemetic given, fluids SC. Bland food in small meals for three days. Back at once if dull or still vomiting tomorrow.", product: "Maropitant 24 mg tablets", directions: "One tablet a day for 3 days."},
	{visitType: consultation, species: dogs, reason: "Lump on chest", subjective: "Noticed while bathing; not growing as far as the owner knows.", objective: unremarkable + "Soft, mobile 2 cm subcutaneous mass, right lateral thorax. FNA: fat only.", assessment: "Lipoma.", plan: "Measured and mapped. Watch; recheck if it doubles or becomes firm."},
	{visitType: consultation, species: dogs, reason: "Scooting", subjective: "Dragging the bottom on the carpet for some days.", objective: unremarkable + "Anal sacs full, thick content, expressed. No swelling.", assessment: "Anal sac impaction.", plan: "Expressed. More fibre. Return if it recurs within a month."},
	{visitType: consultation, species: dogs, reason: "Coughing at night", subjective: "Dry cough for five days, worse at night. Stayed at a kennel last week.", objective: unremarkable + "Cough on tracheal pressure. T 38.6. Lungs clear.", assessment: "Infectious tracheobronchitis, mild.", plan: "Rest, harness instead of collar, away from other dogs for two weeks. Back if lethargic or off food."},
	{visitType: consultation, species: cats, reason: "Not eating", subjective: "Off food for two days, hiding. Drinks normally.", objective: "Quiet, alert. Mild gingivitis, calculus on both upper carnassials. Abdomen soft, small firm stool in colon.", assessment: "Reduced appetite; dental pain most likely, constipation contributing.", plan: "Bloods sent. Appetite stimulant. Dental booked. Call tomorrow.", product: "Mirtazapine transdermal ointment", directions: "A 4 cm strip inside the ear once a day."},
	{visitType: consultation, species: cats, reason: "Urinating outside the tray", subjective: "Small amounts on the bath mat for three days, straining. A new cat next door.", objective: unremarkable + "Bladder small, not painful. Urinalysis: blood 2+, no crystals, SG 1.045.", assessment: "Feline idiopathic cystitis.", plan: "Wet food, second tray, hiding places. Analgesia for 5 days. Straining without urine is an emergency: explained.", product: "Meloxicam oral suspension, cat", directions: "By weight once a day with food for 5 days."},
	{visitType: consultation, species: cats, reason: "Sneezing, runny eyes", subjective: "A week of sneezing; eating less since yesterday.", objective: "T 39.2. Serous discharge from both eyes and nose. Lungs clear. No corneal ulcer.", assessment: "Upper respiratory infection, probably herpesvirus.", plan: "Steam, warm food. Eye drops. Antibiotic only if discharge turns purulent.", product: "Ofloxacin eye drops", directions: "One drop in each eye three times a day for 7 days."},
	{visitType: consultation, species: cats, reason: "Losing weight", subjective: "Eats ravenously yet loses weight over three months. Restless at night.", objective: "HR 220, gallop not heard. Small nodule palpable left of the trachea. Coat unkempt.", assessment: "Hyperthyroidism suspected.", plan: "T4 and chemistry sent. Blood pressure at recheck. Start treatment when confirmed."},
	{visitType: consultation, species: cats, reason: "Bite wound", subjective: "Came home with a sore cheek after a fight three nights ago.", objective: "T 39.8. Fluctuant 3 cm swelling, left cheek, punctures seen.", assessment: "Cat-bite abscess.", plan: "Lanced and flushed under sedation. Antibiotic for 7 days. Keep in.", product: "Amoxicillin-clavulanate 62.5 mg", directions: "One tablet twice a day for 7 days."},
	{visitType: consultation, species: []string{"rabbit"}, reason: "Fewer droppings", subjective: "Ate little hay since last night, small droppings.", objective: "Gut sounds reduced, stomach doughy, not distended. Molars: small spur 308.", assessment: "Gut stasis, early; dental spur.", plan: "Analgesia, prokinetic, syringe feeding shown. Dental under anaesthesia this week.", product: "Critical-care feed", directions: "15 ml/kg four times a day."},
	{visitType: consultation, species: []string{"bird"}, reason: "Feather picking", subjective: "Bare patch on the breast since the family moved.", objective: "BCS 5/9. Skin intact, no parasites. Crop normal.", assessment: "Feather-destructive behaviour, likely stress.", plan: "Foraging toys, twelve hours of dark, misting. Bloods if no better in a month."},
	{visitType: consultation, species: []string{"small_mammal"}, reason: "Overgrown teeth", subjective: "Drops food, wet chin.", objective: "Incisors overlong, cheek teeth level. Weight stable.", assessment: "Incisor overgrowth.", plan: "Trimmed with a burr. More hay. Every six weeks."},
	{visitType: consultation, species: []string{"reptile"}, reason: "Not shedding", subjective: "Retained skin on toes; humidity unknown.", objective: "Dysecdysis on four digits, circulation good. Well hydrated.", assessment: "Dysecdysis from low humidity.", plan: "Soaked and removed. Humidity 35 %, moist hide. UVB bulb is two years old: replace."},
	{visitType: consultation, species: []string{"goat", "pig"}, reason: "Hoof trim and check", subjective: "Walks carefully on hard ground.", objective: "BCS 3/5. Hooves overgrown, no foot rot.", assessment: "Overgrown hooves.", plan: "Trimmed all four. Every eight weeks. Faecal egg count sent."},
	{visitType: vaccination, reason: "Yearly vaccinations", subjective: "Well at home. Normal appetite, thirst, stool.", objective: unremarkable + "Teeth: calculus 1/4. Ears and skin clean.", assessment: "Healthy; fit to vaccinate.", plan: "Vaccinated. Watch for swelling or lethargy for 24 hours. Next year, or sooner if worried."},
	{visitType: vaccination, reason: "Boosters and a check", subjective: "No concerns. Asks about diet.", objective: unremarkable + "BCS slightly above ideal.", assessment: "Healthy, a little overweight.", plan: "Vaccinated. Ration cut by a tenth, weigh monthly here for free."},
	{visitType: recheck, reason: "Recheck", subjective: "Much better since the last visit; took the medicine well.", objective: unremarkable + "Findings of the last visit resolved.", assessment: "Recovered.", plan: "Finish the course. No further recheck needed."},
	{visitType: recheck, reason: "Recheck: weight and bloods", subjective: "Eating better, drinking as before.", objective: unremarkable + "Coat better.", assessment: "Improving on treatment.", plan: "Same dose. Bloods sent; we call with results. Again in six weeks."},
	{visitType: recheck, reason: "Suture removal", subjective: "Kept the cone on. No licking.", objective: "Incision clean, dry and closed. No swelling.", assessment: "Healed.", plan: "Sutures out. Normal exercise from tomorrow."},
	{visitType: newPatient, reason: "First visit", subjective: "New to the practice. Records asked for from the previous clinic. Indoors, mixed diet.", objective: unremarkable + "No abnormality found.", assessment: "Healthy.", plan: "Vaccination plan and parasite control agreed. Insurance and chip recorded."},
	{visitType: dental, reason: "Dental cleaning", subjective: "Bad breath, eats on one side. Fasted since last night.", objective: "Under anaesthesia: calculus 3/4, pocket 5 mm at 108. Full-mouth radiographs.", assessment: "Periodontal disease grade 2.", plan: "Scaled and polished, 108 extracted. Soft food for five days. Recheck in 10 days.", product: "Meloxicam oral suspension", directions: "By weight once a day with food for 4 days."},
	{visitType: surgery, female: true, reason: "Spay", subjective: "Fasted. No heat in the last two months.", objective: unremarkable + "Pre-anaesthetic bloods normal.", assessment: "Fit for surgery, ASA I.", plan: "Ovariohysterectomy, routine. Home tonight with analgesia and a cone. Sutures out in 10 to 12 days.", product: "Carprofen tablets", directions: "By weight once a day for 5 days."},
	{visitType: surgery, reason: "Mass removal", subjective: "Mass on the flank doubled in six weeks. Fasted.", objective: "3 cm firm cutaneous mass, left flank. Chest films clear.", assessment: "Mast cell tumour suspected on FNA.", plan: "Removed with 2 cm margins, one fascial plane deep. Histology sent. Cone for 12 days.", product: "Carprofen tablets", directions: "By weight once a day for 5 days."},
	{visitType: surgery, species: dogs, reason: "Cruciate repair", subjective: "Lame for six weeks, worse after rest. Fasted.", objective: "Drawer positive, right stifle. Radiographs: effusion, no fracture.", assessment: "Cranial cruciate rupture.", plan: "Lateral suture placed. Eight weeks of controlled exercise; recheck at 2 and 8 weeks.", product: "Gabapentin 100 mg capsules", directions: "One capsule every 8 hours for 7 days."},
	{visitType: euthanasia, reason: "End-of-life visit", subjective: "Quality of life has gone. The family has decided together.", objective: "Weak, comfortable. Owner present throughout.", assessment: "Humane euthanasia elected.", plan: "IV catheter, sedation, pentobarbital. Private cremation. Card to be sent."},
	{visitType: phoneConsult, reason: "Results by telephone", subjective: "Asks about the blood results.", objective: "By telephone.", assessment: "Results within normal limits.", plan: "Explained. Repeat in six months."},
	{visitType: nailTrim, reason: "Nail trim"},
	{visitType: weightCheck, reason: "Weight check"},
}

var (
	dogs = []string{"dog"}
	cats = []string{"cat"}
)

// scenarioFor draws why a pet comes for a visit of a type; nil when it would not.
func (m *nursery) scenarioFor(visitType int, p *patient) *scenario {
	key := kindOf{visitType, p.species}
	fits, known := m.fits[key]
	if !known {
		fits = scenariosOf(visitType, p.species)
		m.fits[key] = fits
	}
	for range 8 {
		if len(fits) == 0 {
			return nil
		}
		drawn := one(m.rng, fits)
		spayed := p.neutered != nil && *p.neutered
		if !drawn.female || (p.sex == "female" && !spayed) {
			return drawn
		}
	}
	return nil
}

// seen says which species come for which types; others have no limits.
var seen = map[int][]string{
	vaccination: {"dog", "cat", "rabbit"}, dental: {"dog", "cat", "rabbit"}, surgery: {"dog", "cat", "rabbit"},
	nailTrim: {"dog", "cat", "rabbit", "bird", "small_mammal"},
}

type kindOf struct {
	visitType int
	species   string
}

func scenariosOf(visitType int, species string) []*scenario {
	if only, limited := seen[visitType]; limited && !slices.Contains(only, species) {
		return nil
	}
	var fits []*scenario
	for i := range scenarios {
		s := &scenarios[i]
		if s.visitType == visitType && (s.species == nil || slices.Contains(s.species, species)) {
			fits = append(fits, s)
		}
	}
	return fits
}
