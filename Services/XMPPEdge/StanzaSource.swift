import XMPPTransport

/// A stream that stanzas come in by.
protocol StanzaSource: AnyObject {
    /// The work of a stanza is over, well or badly.
    func finished(_ serial: UInt64)
    /// Whether our half is closed, so that nothing can be said over it any more.
    var isClosing: Bool { get }
    /// Stops reading from it, for one more reason.
    func pause(_ reason: PauseReasons)
    func resume(_ reason: PauseReasons)
}
