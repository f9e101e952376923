import SIPGrammar

/// Why a request is refused before anybody looks into it (RFC 3261 sections 8.2.1 and 8.2.2.3).
struct Refusal {
    let status: Int
    let headers: SIPHeaders

    init?(_ request: SIPRequest, _ settings: SessionSettings) {
        guard settings.methods.contains(request.method) else {
            status = 405
            headers = [.allow: settings.methods.map(\.name).joined(separator: ", ")]
            return
        }
        let required = request.method == .cancel ? [] : (try? request.headers.list(.require)) ?? []
        let unknown = required.filter { tag in !settings.extensions.contains { $0 == tag.lowercased() } }
        if !unknown.isEmpty {
            status = 420
            headers = [.unsupported: unknown.prefix(16).joined(separator: ", ")]
        } else if Self.hasUnknownBody(request) {
            status = 415
            headers = [.accept: "application/sdp", .acceptEncoding: "identity"]
        } else {
            return nil
        }
    }

    /// Whether a request brings a body that is no description and that it does not let be ignored.
    private static func hasUnknownBody(_ request: SIPRequest) -> Bool {
        guard [.invite, .update].contains(request.method), !request.body.isEmpty else { return false }
        if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" { return true }
        guard SessionBody(request.headers, request.body) == nil else { return false }
        let disposition = (try? request.headers.parameterized(.contentDisposition)) ?? nil
        return disposition?.parameters.text("handling")?.lowercased() != "optional"
    }
}
