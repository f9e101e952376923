import Payloads
import SIPGrammar
import XMPPGrammar

/// Finds what a MESSAGE's body shows, by its Content-Type (RFC 7572 section 7; MAPPING 4.5).
// Conforms: RFC 3428 §7 (complete)
// Conforms: RFC 5621 §7 (partial: handling=optional)
enum BodyReader {
    /// Wrappers within wrappers beyond this are refused.
    private static let deepest = 8

    /// The content of a request; nil when there is nothing to show.
    static func content(of request: SIPRequest) throws(SIPRefusal) -> PageContent? {
        guard !request.body.isEmpty else { return nil }
        let headers = mimeHeaders(of: request)
        let type = headers["Content-Type"] ?? ""
        // RFC 3261 section 20.15 asks for a type; a body without one is read as what nearly all bodies are.
        guard let mediaType = type.isEmpty ? MediaType.plainText : MediaType(type) else {
            throw SIPRefusal(400, reason: "Bad Content-Type")
        }
        let isOptional =
            headers["Content-Disposition"].map { ContentDisposition(parsing: $0).isOptional } ?? false
        do throws(SIPRefusal) {
            let octets = try decoded(request.body, headers["Content-Encoding"])
            return try content(of: entity(octets, as: mediaType, headers: headers), depth: 0)
        } catch {
            guard isOptional else { throw error }
            return nil
        }
    }

    private static func mimeHeaders(of request: SIPRequest) -> MIMEHeaders {
        var headers = MIMEHeaders()
        for name in contentHeaders {
            guard let value = request.headers[name] else { continue }
            headers.fields.append(MIMEHeaders.Field(name.text, value))
        }
        return headers
    }

    private static let contentHeaders: [SIPHeaderName] = [
        .contentType, .contentEncoding, .contentDisposition, SIPHeaderName("Content-Transfer-Encoding"),
    ]

    private static func decoded(_ body: [UInt8], _ coding: String?) throws(SIPRefusal) -> [UInt8] {
        guard let coding else { return body }
        do throws(ContentCoding.Failure) {
            return try ContentCoding.decode(body, coding: coding)
        } catch {
            switch error {
            case .unsupported: throw .unsupportedEncoding
            case .malformed: throw SIPRefusal(400, reason: "Bad Content-Encoding")
            case .tooLarge: throw SIPRefusal(413)
            }
        }
    }

    private static func entity(
        _ octets: [UInt8],
        as type: MediaType,
        headers: MIMEHeaders
    ) throws(SIPRefusal) -> MIMEEntity {
        do throws(MIMEError) {
            return try MIMEEntity(parsing: octets, as: type, headers: headers)
        } catch {
            throw refusal(of: error)
        }
    }

    private static func refusal(of error: MIMEError) -> SIPRefusal {
        switch error {
        case .noBoundary, .noParts: SIPRefusal(400, reason: "Bad multipart body")
        case .tooManyParts, .tooDeep: SIPRefusal(413)
        case .unknownTransferEncoding: .unsupportedEncoding
        }
    }

    /// The content of a body and what is in it; nil when there is nothing to show.
    private static func content(of entity: MIMEEntity, depth: Int) throws(SIPRefusal) -> PageContent? {
        guard depth < deepest else { throw SIPRefusal(413) }
        switch entity.mediaType.essence {
        case "text/plain": return try plain(entity)
        case "text/html": return try html(entity)
        case "multipart/alternative": return try alternative(entity.parts, depth)
        case "multipart/mixed", "multipart/related": return try mixed(entity.parts, depth)
        case "message/cpim": return try unwrapped(entity, depth)
        case "message/external-body": return try external(entity)
        default: throw .unsupportedMediaType
        }
    }

    private static func plain(_ entity: MIMEEntity) throws(SIPRefusal) -> PageContent? {
        guard let text = entity.text else { throw .unsupportedMediaType }
        let clean = PlainText.clean(text)
        return clean.isEmpty ? nil : PageContent(text: clean)
    }

    private static func html(_ entity: MIMEEntity) throws(SIPRefusal) -> PageContent? {
        guard let text = entity.text else { throw .unsupportedMediaType }
        let html = HTMLText(text)
        let clean = PlainText.clean(html.plain)
        guard !clean.isEmpty else { return nil }
        return PageContent(text: clean, markup: html.xhtml.map { .xhtml($0) } ?? .lost)
    }

    /// The best that can be read is the last (RFC 2046 section 5.1.4); its text is the sender's own where he wrote one.
    private static func alternative(_ parts: [MIMEEntity], _ depth: Int) throws(SIPRefusal) -> PageContent? {
        var best: PageContent?
        var plainText: String?
        var isReadable = false
        for part in parts {
            do throws(SIPRefusal) {
                let content = try content(of: part, depth: depth + 1)
                isReadable = true
                guard let content else { continue }
                if part.mediaType.essence == MediaType.plainText.essence { plainText = content.text }
                best = content
            } catch {
                continue
            }
        }
        guard isReadable else { throw .unsupportedMediaType }
        if case .xhtml? = best?.markup, let plainText { best?.text = plainText }
        if best?.markup == PageContent.Markup.none { best?.markup = .lost }
        return best
    }

    /// Everything that can be shown, one after the other; what cannot is named in its place.
    private static func mixed(_ parts: [MIMEEntity], _ depth: Int) throws(SIPRefusal) -> PageContent? {
        var shown: [PageContent] = []
        var lines: [String] = []
        for part in parts {
            do throws(SIPRefusal) {
                guard let content = try content(of: part, depth: depth + 1) else { continue }
                shown.append(content)
                lines.append(content.text)
            } catch {
                guard !part.isOptional else { continue }
                lines.append(name(of: part))
            }
        }
        guard var content = shown.first else { throw .unsupportedMediaType }
        content.text = lines.joined(separator: "\n")
        content.links = shown.flatMap(\.links)
        if lines.count > 1 || content.markup == .none { content.markup = .lost }
        return content
    }

    /// A part that cannot be shown, as `[image/png: cat.png]`.
    private static func name(of part: MIMEEntity) -> String {
        let filename = part.disposition?.filename ?? part.mediaType.parameter("name")
        guard let filename else { return "[\(part.mediaType.essence)]" }
        return "[\(part.mediaType.essence): \(PlainText.line(filename))]"
    }

    /// The message within a CPIM wrapper.
    ///
    /// The wrapper's From and To say nothing that the request's own do not say more reliably.
    private static func unwrapped(_ entity: MIMEEntity, _ depth: Int) throws(SIPRefusal) -> PageContent? {
        guard case .octets(let octets) = entity.content else { throw .unsupportedMediaType }
        let message: CPIMMessage
        do throws(MIMEError) {
            message = try CPIMMessage(parsing: octets)
        } catch {
            throw refusal(of: error)
        }
        // RFC 3862 section 4.7: a required header that is not understood makes the message unreadable.
        guard message.unmetRequirements().isEmpty else { throw .unsupportedMediaType }
        var content = try content(of: message.content, depth: depth + 1)
        content?.subject = message[CPIMName("Subject")]
        content?.writtenAt = message.dateTime
        return content
    }

    private static func external(_ entity: MIMEEntity) throws(SIPRefusal) -> PageContent? {
        guard let body = ExternalBody(entity) else { throw .unsupportedMediaType }
        let url = PlainText.line(body.url)
        return PageContent(text: url, links: [url])
    }
}
