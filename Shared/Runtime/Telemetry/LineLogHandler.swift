package import Logging

/// A log handler that prints one line an event, as text or as JSON.
///
/// Constant messages, all detail in metadata, sorted by name so that two lines of a kind can be laid side by side.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let sink: any LogSink
    private let clock: @Sendable () -> LogTime

    package init(
        label: String,
        level: Logger.Level = .info,
        format: LogFormat = .text,
        sink: any LogSink = StandardError(),
        clock: @escaping @Sendable () -> LogTime = LogTime.now
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.sink = sink
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        if let given = event.metadata { all.merge(given) { $1 } }
        let fields = all.sorted { $0.key < $1.key }
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch format {
        case .text: writeText(event, fields, into: &line)
        case .json: writeJSON(event, fields, into: &line)
        }
        line.append(UInt8(ascii: "\n"))
        sink.write(line)
    }

    private func writeText(
        _ event: LogEvent,
        _ fields: [(key: String, value: Logger.MetadataValue)],
        into line: inout [UInt8]
    ) {
        clock().write(into: &line)
        line += " \(event.level) ".utf8
        LogText.write(label, into: &line)
        line += ": ".utf8
        LogText.write(event.message.description, into: &line)
        for (name, value) in fields {
            line.append(UInt8(ascii: " "))
            LogText.writeValue(name, into: &line)
            line.append(UInt8(ascii: "="))
            LogText.writeValue(Self.plain(value, of: name), into: &line)
        }
    }

    private func writeJSON(
        _ event: LogEvent,
        _ fields: [(key: String, value: Logger.MetadataValue)],
        into line: inout [UInt8]
    ) {
        line += "{\"time\":\"".utf8
        clock().write(into: &line)
        line += "\",\"level\":\"\(event.level)\",\"label\":".utf8
        LogText.writeJSON(label, into: &line)
        line += ",\"message\":".utf8
        LogText.writeJSON(event.message.description, into: &line)
        if !fields.isEmpty {
            line += ",\"metadata\":".utf8
            Self.writeObject(fields, into: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    private static func writeObject(
        _ fields: [(key: String, value: Logger.MetadataValue)],
        into line: inout [UInt8]
    ) {
        line.append(UInt8(ascii: "{"))
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            LogText.writeJSON(field.key, into: &line)
            line.append(UInt8(ascii: ":"))
            writeJSONValue(field.value, of: field.key, into: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    private static func writeJSONValue(
        _ value: Logger.MetadataValue,
        of name: String,
        into line: inout [UInt8]
    ) {
        guard !Redaction.isPrivate(name) else { return LogText.writeJSON(Redaction.replacement, into: &line) }
        switch value {
        case .string(let text): LogText.writeJSON(text, into: &line)
        case .stringConvertible(let value): LogText.writeJSON(value.description, into: &line)
        case .dictionary(let fields): writeObject(fields.sorted { $0.key < $1.key }, into: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                writeJSONValue(value, of: name, into: &line)
            }
            line.append(UInt8(ascii: "]"))
        }
    }

    /// A value as one piece of text: lists as `[a, b]`, dictionaries as `{k: v}`.
    private static func plain(_ value: Logger.MetadataValue, of name: String) -> String {
        guard !Redaction.isPrivate(name) else { return Redaction.replacement }
        switch value {
        case .string(let text): return text
        case .stringConvertible(let value): return value.description
        case .array(let values): return "[" + values.map { plain($0, of: name) }.joined(separator: ", ") + "]"
        case .dictionary(let fields):
            let inner = fields.sorted { $0.key < $1.key }.map { "\($0.key): \(plain($0.value, of: $0.key))" }
            return "{" + inner.joined(separator: ", ") + "}"
        }
    }
}
