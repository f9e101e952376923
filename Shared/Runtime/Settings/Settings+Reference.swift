extension Settings {
    /// The reference of all keys in Markdown: what `causeway check --explain` prints and `Docs/Configuration.md` holds.
    package static func reference() -> String {
        var text = introduction
        var section: String?
        for key in keys {
            let ownSection = key.name.contains(".") ? String(key.name.prefix { $0 != "." }) : ""
            if ownSection != section {
                section = ownSection
                text += "\n## \(ownSection.isEmpty ? "At the top" : "`\(ownSection)`")\n\n"
                text += "| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
            }
            text += row(key)
        }
        return text
    }

    private static func row(_ key: KeyDefinition) -> String {
        let type =
            switch key.shape {
            case .single: key.type
            case .list: "list of \(key.type)"
            case .map: "domain: \(key.type)"
            case .table(let fields): "domain: {\(fields.joined(separator: ", "))}"
            case .records(let fields): "list of {\(fields.joined(separator: ", "))}"
            }
        let shown = key.isOptional ? key.defaultText : "`\(key.defaultText)`"
        let note = key.hasEffect ? "" : " †"
        return "| `\(key.name)` | \(type) | \(shown) | \(key.meaning)\(note) |\n"
    }

    private static let introduction = """
        # Configuration

        This page is made from the program's own table of keys: `causeway check --explain` prints it.

        Causeway reads one YAML file: the one that `--config FILE` or `CAUSEWAY_CONFIG` names, else `causeway.yaml` in the
        working directory if it is there. Every key is optional. One value may stand where a list is meant, and
        `sip.listen: …` may be written in one line as well as under `sip:`.

        Environment variables override the file: `CAUSEWAY_`, then the key in upper case with `_` for `.` and `-`. Flags
        override both: `--sip-listen VALUE`, `--sip.listen VALUE` or `--sip-listen=VALUE`. In both a comma separates
        values where several are meant; a flag may be repeated; an empty variable is an empty list, or none.

        | in the file | as a variable or after a flag |
        | --- | --- |
        | `sip: {listen: [udp://0.0.0.0:5060, tcp://0.0.0.0:5060]}` | `CAUSEWAY_SIP_LISTEN=udp://0.0.0.0:5060,tcp://0.0.0.0:5060` |
        | `xmpp: {listen: []}` | `CAUSEWAY_XMPP_LISTEN=` |
        | `xmpp: {routes: {wonder.example: "xmpp://127.0.0.1:5299"}}` | `CAUSEWAY_XMPP_ROUTES=wonder.example=xmpp://127.0.0.1:5299` |
        | `xmpp: {components: [{host: 127.0.0.1, port: 5347, domain: sip.example, secret: s3cret}]}` | `CAUSEWAY_XMPP_COMPONENTS=127.0.0.1:5347/sip.example?secret=s3cret` |
        | `sip: {accounts: [{user: pbx, password: s3cret, from: [sip.example, a@b.example]}]}` | `CAUSEWAY_SIP_ACCOUNTS=user=pbx&password=s3cret&from=sip.example a@b.example` |
        | `tls: {domains: {sip.example: {certificate: a.pem, key: a.key}}}` | `CAUSEWAY_TLS_DOMAINS=sip.example.certificate=a.pem,sip.example.key=a.key` |

        The last four may be written as YAML or JSON in a variable or a flag too: a value that begins with `{` or `[`. In
        the short forms of a component and an account, `%` and two hexadecimal digits stand for an octet that would be
        misread.

        Durations are written `300ms`, `20s`, `10m`, `24h`, `7d`; a bare number is seconds. Sizes are octets: `65536`,
        `64KiB`, `2GiB`. Rates are `200/s`, `6000/m`, `10/h`. An IPv6 address with a port stands in brackets, and YAML
        wants quotes around brackets within a list: `["udp://[::]:5060"]`.

        An unknown key, a bad value or values that contradict each other end the program with status 2 and one line that
        names the key, the value and what was expected. Secrets are never shown.

        † is read and checked, but this version does nothing with it yet; the log says so once if you set it.

        """
}
