package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Owners are made up from these lists alone, names from many origins as a city has them.
var (
	firstNames = strings.Fields(`
		Aaliyah Aaron Abena Abigail Adaeze Adam Adriana Agnieszka Ahmed Aiko Aisha Akira Alan Alejandra Alejandro Alexandra
		Alice Alicia Amanda Amara Amelia Amina Amir Amit Amy Ana Anders André Andrea Angela Anil Anita Anna Anthony Antonio
		Anya Arjun Arthur Astrid Ayesha Ayumi Barbara Beatriz Benjamin Bianca Björn Bogdan Brandon Brenda Brian Bridget
		Camila Carlos Carmen Caroline Catherine Cecilia Chen Chiara Chidi Chloé Christina Christopher Claire Colin Connor
		Courtney Cynthia Damian Daniel Daniela David Deborah Deepa Delia Dennis Diego Dimitri Dmitri Dolores Dominik Donna
		Edward Ekaterina Elena Eleanor Elias Elif Elijah Elizabeth Ella Emeka Emily Emma Emmanuel Enrique Erik Erin Esther
		Ethan Eun-ji Evelyn Fatima Felix Fernanda Fiona Francesca Francisco Frank Freya Gabriel Gareth George Giovanni
		Giulia Gloria Grace Greta Guillermo Gwen Habiba Hana Hannah Haruka Hassan Heather Hector Helen Henrik Hiroshi
		Hugo Ibrahim Ikram Imani Imran Ines Ingrid Irene Isabel Isaac Ivan Jack Jacqueline Jamal James Jamila Jan Janet
		Jasmine Javier Jean Jennifer Jerome Jessica Jin Joanna Joaquín Johan John Jonas Jorge José Joseph Joshua Joyce
		Juan Judith Julia Julian Jun Kamala Karen Karim Katarzyna Katherine Kavita Keiko Keith Kelechi Kenji Kevin Khadija
		Kiran Klaus Kofi Kristen Kwame Lakshmi Lars Laura Lauren Layla Leah Leila Leon Leticia Li Liam Lien Linda Ling
		Lisa Logan Lorenzo Louise Lucas Lucía Luis Magdalena Maja Malik Manuel Marco Margaret María Marie Mario Mark Marta
		Martin Mary Mateo Matthew Maureen Maya Mehmet Mei Melissa Mercedes Michael Michelle Miguel Mihai Mina Minh Miriam
		Mohammed Monica Nadia Naomi Natalia Nathan Neha Nicholas Nicole Nikhil Nina Noah Nora Olga Oliver Olivia Omar
		Orla Oscar Pablo Pamela Parisa Patrick Paul Paula Pedro Peter Petra Philip Phuong Pilar Pierre Piotr Priya Rachel
		Radha Rafael Rahul Raj Ravi Rebecca Renée Ricardo Richard Robert Rosa Roxana Ruth Ryan Sabrina Saeed Salma Samir
		Samuel Sandra Sara Sean Sebastian Seema Sergei Shirin Siobhán Sofia Søren Stefan Stephanie Steven Sunita Susan
		Svetlana Tadeusz Takeshi Tamara Tanisha Tariq Tatiana Teresa Thandiwe Theo Thomas Tiffany Tomás Tomasz Tuan
		Tyler Uma Valentina Vanessa Victor Victoria Vijay Vikram Virginia Walter Wanjiru Wei William Xavier Ximena Yan
		Yasmin Yolanda Yuki Yusuf Zainab Zoë Zuzana`)
	lastNames = strings.Fields(`
		Abdi Abebe Abrams Acosta Adams Adeyemi Agarwal Aguilar Ahmed Akhtar Alexander Ali Allen Almeida Alvarez Andersen
		Anderson Andersson Arslan Ávila Baker Banerjee Barnes Barros Bauer Becker Bell Bennett Berg Bianchi Bjornstad Boateng
		Bondarenko Brennan Brooks Brown Bui Burke Calderón Campbell Cardoso Carlson Carter Castillo Castro Chan Chaudhry
		Chavez Chen Cheung Choi Chowdhury Christensen Clark Cohen Coleman Collins Contreras Cooper Costa Cox Cruz Cunningham
		Dang Das Davies Davis Delgado Demir Desai Diallo Diaz Dimitrov Do Doherty Domínguez Dubois Duncan Edwards Ellis
		Eriksen Espinoza Estrada Evans Farah Fernandes Fernández Ferrari Fischer Fitzgerald Flores Foster Fraser Fujimoto
		Gallagher García Gebremariam Ghosh Gibson Gomes Gómez Gonzales Gordon Graham Grant Green Greenberg Griffin Guerrero
		Gupta Gustafson Gutierrez Hall Hamilton Hansen Haddad Harris Harrison Hashimoto Hassan Hayes Henderson Hernández
		Herrera Hill Ho Hoang Hoffman Horvat Howard Huang Hughes Hussain Hwang Ibrahim Inoue Ito Ivanov Iyer Jackson Jacobs
		Jansen Jenkins Jensen Jiménez Johansson Johnson Jones Joshi Juarez Kamau Kang Kaplan Kaur Kelly Kennedy Khan Kim
		King Klein Kobayashi Kovács Kowalski Kozłowski Kumar Kuznetsov Lam Larsen Larson Lavoie Le Lee Levy Lewis Li Lim Lin
		Lindgren Liu Lopes López Lund MacDonald Mahmoud Mancini Marino Marquez Martin Martínez Mbeki McCarthy McDonald
		Medina Mehta Melendez Mendoza Menon Meyer Mills Mitchell Mohamed Molina Moore Morales Moreau Moreno Morgan Morris
		Mukherjee Müller Muñoz Murphy Murray Mutua Mwangi Nair Nakamura Navarro Nelson Neumann Newman Ngo Nguyen Nielsen
		Novak Nowak Nuñez Nwosu O'Brien O'Connor O'Donnell O'Neill O'Sullivan Obi Oduya Okafor Okonkwo Olsen Olson Ong
		Ortega Ortiz Osei Owens Pacheco Palmer Papadopoulos Park Parker Patel Pavlov Peña Pereira Pérez Perry Petersen
		Peterson Pham Phillips Popescu Powell Price Qureshi Rahman Ramírez Ramos Rao Reddy Reed Reid Reilly Reyes Ribeiro
		Richardson Ríos Rivera Roberts Robinson Rodrigues Rodríguez Rogers Rojas Romano Romero Rosen Ross Rossi Russell
		Ryan Saito Salazar Sanchez Sandoval Santos Sato Schmidt Schneider Schultz Scott Sharma Shaw Silva Simmons Singh
		Sithole Smith Solomon Sørensen Soto Souza Stewart Suarez Sullivan Suzuki Svensson Szabó Takahashi Tan Tanaka Taylor
		Tesfaye Thapa Thomas Thompson Torres Tran Tremblay Tucker Turner Usman Vargas Vasquez Vega Velasco Verma Vu Wagner
		Walker Wallace Wang Ward Watanabe Watson Weaver Weber Weiss West White Wilson Wójcik Wong Wood Wright Wu Yamamoto
		Yang Yilmaz Young Yusuf Zhang Zhao Zhou Zimmerman`)
	streets = strings.Fields(`
		Alder Ashworth Aurora Bagley Beacon Bell Bellevue Cedar Cherry Columbia Corliss Dayton Densmore Eastern Fairview
		Fremont Galer Greenwood Harrison Holman Interlake Jackson Jefferson Keystone Lakeview Latona Linden Madison Marion
		Meridian Olive Palatine Phinney Pine Ravenna Roosevelt Roy Seneca Spruce Stone Summit Sunnyside Thackeray Valley
		Wallingford Whitman Woodlawn Yakima Yesler`)
	streetKinds = []string{"Street", "Avenue", "Avenue N", "Avenue NE", "Street NW", "Way", "Place", "Lane", "Court"}
	postcodes   = strings.Fields(`98101 98102 98103 98103 98105 98106 98107 98108 98109 98112 98115 98115 98116 98117
		98117 98118 98119 98122 98125 98126 98133 98136 98144 98177 98178 98199`)
)

// plain writes letters as unaccent does in SQL: the letters of the lists above, and no others.
var plain = strings.NewReplacer("á", "a", "é", "e", "ë", "e", "í", "i", "ñ", "n", "ó", "o", "ö", "o", "ø", "o", "ł", "l",
	"ú", "u", "ü", "u", "Á", "A", "Ø", "O")

// norm is pc_norm.
func norm(text string) string {
	return strings.ToLower(plain.Replace(text))
}

// phone draws a North American number that is never given to anybody: 555-0100 to 555-0199. The nth of one clinic
// differs from the ones before it as long as there are any left.
func phone(n int) string {
	const areas = 8 * 9 * 9
	area := n % areas * 389 % areas // 389 is prime to areas: neighbours get distant area codes
	middle, last := area/9%9, area%9
	if middle == 1 && last == 1 {
		last = 9 // n11 is a service, not an area
	}
	return fmt.Sprintf("+1%d%d%d55501%02d", 2+area/81, middle, last, (n/areas+n*37)%100)
}

// address draws a street and a house number.
func address(rng *rand.Rand) string {
	return fmt.Sprintf("%d %s %s", 100+rng.IntN(9800), one(rng, streets), one(rng, streetKinds))
}

// mailbox makes the e-mail address of a name. The number keeps namesakes apart.
func mailbox(rng *rand.Rand, first, last string, number int) string {
	name := strings.NewReplacer("'", "", " ", "").Replace(norm(first) + "." + norm(last))
	if number > 0 {
		name = fmt.Sprintf("%s%d", name, number)
	}
	return name + "@example." + one(rng, []string{"com", "com", "com", "org", "net"})
}

func one[T any](rng *rand.Rand, of []T) T {
	return of[rng.IntN(len(of))]
}

// chance is true in so many of a hundred cases.
func chance(rng *rand.Rand, percent int) bool {
	return rng.IntN(100) < percent
}
