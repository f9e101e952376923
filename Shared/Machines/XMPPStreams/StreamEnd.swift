public import XMPPGrammar

/// Why a stream is over, for those who wanted to use it.
public enum StreamEnd: Hashable, Sendable {
    /// Both halves were closed as they should be.
    case finished
    /// The connection went away without a word.
    case lost
    /// A step took too long; the text says which.
    case timeout(String)
    /// No secure channel could be had; the text says why.
    case insecure(String)
    /// The peer did not believe who we are, or that it should serve us.
    case refused(String)
    /// The peer ended the stream with this error.
    case peer(StreamError)
    /// We ended the stream with this error.
    case ours(StreamError)
}
