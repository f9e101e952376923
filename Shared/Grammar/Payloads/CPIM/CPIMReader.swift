import Octets

/// Collects the headers of a CPIM message line by line.
struct CPIMReader {
    private(set) var from: CPIMAddress?
    private(set) var to: [CPIMAddress] = []
    private(set) var cc: [CPIMAddress] = []
    private(set) var dateTime: Int64?
    private(set) var required: [CPIMName] = []
    private(set) var headers: [CPIMHeader] = []
    /// COMPAT: several phones use the `imdn.` prefix without declaring it, so it is declared from the beginning.
    private var namespaces = ["": CPIMName.core, "imdn": CPIMName.imdn]
    private var count = 0

    /// The most headers that are kept.
    private static let most = 128

    static func isContentHeader(_ line: ArraySlice<UInt8>) -> Bool {
        line.trimmed.prefix(8).map(ASCII.lowercased) == Array("content-".utf8)
    }

    mutating func take(_ line: ArraySlice<UInt8>) {
        count += 1
        guard count <= Self.most, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let field = line[..<colon].trimmed
        guard CPIMName.isHeaderName(field) else { return }
        let rest = line[(colon + 1)...]
        let isParameterised = rest.first == UInt8(ascii: ";")
        // Parameters stand between the colon and the space: `Subject:;lang=fr Objet de message`.
        let space =
            isParameterised ? rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex : rest.startIndex
        let value = rest[space...].trimmed
        let language = isParameterised ? Self.language(rest[..<space]) : nil
        let name = name(String(decoding: field, as: UTF8.self))
        guard name.namespace == CPIMName.core else {
            headers.append(CPIMHeader(name, language: language, CPIMEscape.undo(value)))
            return
        }
        takeCore(name, String(decoding: value, as: UTF8.self), language)
    }

    private mutating func takeCore(_ name: CPIMName, _ value: String, _ language: String?) {
        switch name.name {
        case "From": from = from ?? CPIMAddress(parsing: value)
        case "To": if let address = CPIMAddress(parsing: value) { to.append(address) }
        case "cc": if let address = CPIMAddress(parsing: value) { cc.append(address) }
        case "DateTime": dateTime = dateTime ?? XMPPDateTime.parse(value)
        case "NS": declare(value)
        case "Require":
            for item in value.utf8.split(separator: UInt8(ascii: ",")) {
                let item = Array(item)[...].trimmed
                if !item.isEmpty { required.append(self.name(String(decoding: item, as: UTF8.self))) }
            }
        default: headers.append(CPIMHeader(name, language: language, CPIMEscape.undo(value.utf8)))
        }
    }

    /// `NS: prefix <uri>`, or `NS: <uri>` for names without a prefix.
    private mutating func declare(_ value: String) {
        guard let address = CPIMAddress(parsing: value) else { return }
        namespaces[address.displayName ?? ""] = address.uri
    }

    /// The name with its prefix resolved; one that was never declared stands for itself.
    private func name(_ field: String) -> CPIMName {
        // NS and Require keep their meaning whatever the default namespace is: it is they that change it.
        if field == "NS" || field == "Require" { return CPIMName(field) }
        guard let dot = field.firstIndex(of: ".") else {
            return CPIMName(field, namespace: namespaces[""] ?? CPIMName.core)
        }
        let prefix = String(field[..<dot])
        return CPIMName(String(field[field.index(after: dot)...]), namespace: namespaces[prefix] ?? prefix)
    }

    private static func language(_ parameters: ArraySlice<UInt8>) -> String? {
        for parameter in parameters.split(separator: UInt8(ascii: ";"))
        where parameter.starts(with: Array("lang=".utf8)) {
            let tag = parameter.dropFirst(5)
            // RFC 5646 section 2.1: letters, digits and hyphens.
            let isTag =
                !tag.isEmpty
                && tag.allSatisfy { OctetSet.alphanumeric.contains($0) || $0 == UInt8(ascii: "-") }
            return isTag ? String(decoding: tag, as: UTF8.self) : nil
        }
        return nil
    }
}
