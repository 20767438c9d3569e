// fetchSignedIn is fetch for a module that does what a person asked for. Where their session has ended meanwhile, the
// sign-in comes up over the page, and the request is made once more; whoever would rather not gets the 401.
export async function fetchSignedIn(address, options) {
  const answer = await fetch(address, options)
  if (answer.status !== 401) return answer
  const { signInAgain } = await import("./session.js")
  return (await signInAgain()) ? fetch(address, options) : answer
}
