/// What the agent does with a call to a user of this name; any other user answers.
enum Behaviour: String, Codable {
    /// 180, then 200.
    case answer
    /// A reliable 183 with the answer, then 200.
    case reliable
    /// 180 for as long as the caller likes.
    case ring
    case busy
    /// Answers, and offers a change by UPDATE.
    case update
    /// Answers, and offers a change by INVITE.
    case reinvite
    /// Answers, and hangs up.
    case hangup
    /// Gives a call of its own up when it rings.
    case giveup
}
