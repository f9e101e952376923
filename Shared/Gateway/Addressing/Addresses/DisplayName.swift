public import XMPPGrammar

/// Display names and nicknames (XEP-0172), which are the same thing on either side (MAPPING 1.8).
public enum DisplayName {
    /// The element for a display name; nil when the name is empty.
    public static func nick(_ displayName: String) -> Element? {
        let name = XMLText.clean(withoutControls(displayName))
        return name.isEmpty ? nil : Element("nick", Namespace.nick, text: name)
    }

    /// The display name that a stanza's nickname makes; nil without one.
    public static func from(_ stanza: Element) -> String? {
        guard let nick = stanza.first("nick", Namespace.nick) else { return nil }
        let name = withoutControls(nick.text)
        return name.isEmpty ? nil : name
    }

    /// A header field is one line: control characters go, so do blanks at the ends.
    private static func withoutControls(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(256) where scalar.properties.generalCategory != .control {
            scalars.append(scalar)
        }
        var name = String(scalars)[...]
        while name.first?.isWhitespace == true { name.removeFirst() }
        while name.last?.isWhitespace == true { name.removeLast() }
        return String(name)
    }
}
