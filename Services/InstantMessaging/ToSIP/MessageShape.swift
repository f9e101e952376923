import SIPGrammar

/// Where a MESSAGE goes and what it carries besides its text.
struct MessageShape: Hashable, Sendable {
    var target: SIPURI
    /// From names the device with `gr`, not just the user.
    var carriesDevice: Bool
    var carriesSubject: Bool
    /// The body is a `multipart/alternative` of text and HTML.
    var carriesMarkup: Bool

    /// With nothing that could be left out (MAPPING 4.4 (c)).
    var light: MessageShape {
        MessageShape(target: target, carriesDevice: false, carriesSubject: false, carriesMarkup: false)
    }

    var plain: MessageShape {
        var plain = self
        plain.carriesMarkup = false
        return plain
    }
}
