/// The Contact of what the gateway says: translators name the user, the edge that sends it the host.
public enum SIPContact {
    /// The host that an edge replaces with its own, its port and its transport.
    public static let placeholder = "edge.invalid"
}
