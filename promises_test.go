package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// What the program promises of its failures, each with the tests that hold it. A test that is renamed or taken away breaks
// the promise here.
var promises = []struct{ promise, tests string }{
	{"FailuresAreToldFromTheFirstLineOnAndAWrongAddressIsASentence", "internal/report/report_test.go TestAWrongDSNIsOneSentence TestAFailureIsRecordedWithoutADSN"},
	{"OnlyProductionAndStagingSend", "internal/report/report_test.go TestNothingIsSentFromDevelopment"},
	{"OneTraceInTenInProductionAndAllInStaging", "internal/report/sampling_test.go TestOneTraceInTenIsKeptInProductionAndAllInStaging TestAStrangerCannotHaveATraceKept"},
	{"TheProcessorsWorkIsProfiledByRouteAndSlowRequestsAreRecorded", "internal/profiles/profiles_test.go TestAWindowSaysWhichRouteKeptTheProcessorBusyAndTheOldestGo; internal/profiles/flight_test.go TestWhatLedUpToASlowRequestIsKeptOnceAMinute"},
	{"NoCookieAndNoHeaderLeaves", "internal/report/canary_test.go TestNoCanaryLeavesByAnyWayThatTheProgramHas TestTheDoorHoldsEvenWhenTheSDKIsMisused TestTheBareSDKDoesTellOnEveryone; handlers/canary_test.go TestOfTwoHundredClientsNobodyIsInAnEnvelopeALineOrARow; internal/report/fuzz_test.go FuzzDoor FuzzFromBrowser"},
	{"OneMiddlewareTellsOfEachFailedRequestOnce", "handlers/report_test.go TestEveryFailureOfOursIsRecordedOnceUnderTheReferenceThatThePageShows; handlers/burst_test.go TestFiveHundredFailuresInABurstAreAllAtAdminErrorsAndAllDelivered; internal/report/burst_test.go TestAReceiverThatHangsHoldsUpNobodyAndAllThatItMissedIsCounted"},
	{"PagesAreTracedAndRecordedWhenAFailureHappens", "handlers/monitoring_test.go TestAFailureInAPageAndItsTraceArriveWithoutANameInThem TestTheTunnelTakesOnlyWhatOurPagesSend TestTheTunnelTakesOnlyRecordingsThatItCanRead; handlers/trace_browser_test.go TestOneTraceLeadsFromThePageToTheLetter; handlers/recording_browser_test.go TestWhatCameBeforeAFailureIsRecordedMaskedByPageAndServer TestWhoSaysNoIsNotRecorded; internal/report/replay_test.go TestARecordingLeavesOnlyMaskedAndByTheList TestARecordingThatCannotBeReadOrGrowsPastAllMeasureIsRefused FuzzRecording"},
	{"NoiseOfResizeObserversIsNotTold", "handlers/monitoring_test.go TestAFailureInAPageAndItsTraceArriveWithoutANameInThem TestWithoutADSNAPageStillTellsUsOfItsFailuresOncePerKind"},
	{"APartThatFailsOffersTryAgain", "handlers/boundaries_browser_test.go TestAPanicInOneRowLeavesThePageStandingAndTryAgainBringsThePartBack TestALostSessionIsSignedInToInPlaceAndWhatWasBeingDoneIsDone; handlers/boundaries_test.go TestEachPartOfEveryPageFailsAloneAndComesBack; handlers/lost_session_browser_test.go TestWhatWasBeingDoneIsDoneAfterSigningInAgain TestAFormOnAPageThatStoodOpenIsNotLostWithTheSession"},
	{"AFailureIsTaggedByConstantsOnly", "internal/report/canary_test.go TestOnlyConstantsCompile"},
	{"AMinifiedPlaceLeadsToItsSource", "static/sources_test.go TestEveryMapLeadsToItsSource TestAPlaceInHtmxIsTheOneInItsSource"},
	{"HowManyPeopleMetAFailureIsKnownAndWhatTheySaidOfIt", "db/error_reports_test.go TestAResolvedFailureIsOpenAgainOnlyForAReleaseThatWasNotKnownToHaveIt; handlers/error_reports_test.go TestAnAdminAssignsAFailureAndReadsWhatSomebodySaidOfIt; internal/report/trail_test.go TestFeedbackNamesTheEventOfItsReference TestEveryReferenceShownIsKeptWithItsFailure"},
}

func TestEachPromiseIsHeldByATest(t *testing.T) {
	for _, one := range promises {
		t.Run(one.promise, func(t *testing.T) {
			for place := range strings.SplitSeq(one.tests, "; ") {
				names := strings.Fields(place)
				file, err := parser.ParseFile(token.NewFileSet(), names[0], nil, 0)
				if err != nil {
					t.Fatal(err)
				}
				for _, name := range names[1:] {
					if !declares(file, name) {
						t.Errorf("%s has no test %s", names[0], name)
					}
				}
			}
		})
	}
}

func declares(file *ast.File, name string) bool {
	for _, one := range file.Decls {
		if function, is := one.(*ast.FuncDecl); is && function.Recv == nil && function.Name.Name == name {
			return true
		}
	}
	return false
}
