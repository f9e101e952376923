import Testing
import XMPPGrammar

@Suite
struct PunycodeTests {
    /// RFC 3492 section 7.1, in lower case.
    @Test(arguments: [
        ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
        ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"),
        ("pročprostěnemluvíčesky", "proprostnemluvesky-uyb24dma41a"),
        ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
        ("यहलोगहिन्दीक्योंनहींबोलसकतेहैं", "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd"),
        ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
        ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("porquénopuedensimplementehablarenespañol", "porqunopuedensimplementehablarenespaol-fmd56a"),
        ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
        ("-> $1.00 <-", "-> $1.00 <--"),
        ("bücher", "bcher-kva"),
        ("", ""),
    ])
    func `a label is encoded and decoded`(_ label: String, _ punycode: String) {
        #expect(Punycode.encode(label) == punycode)
        #expect(Punycode.decode(punycode).map { Array($0.unicodeScalars) } == Array(label.unicodeScalars))
    }

    @Test(arguments: [
        "ü", "bcher-kva!", "99999999", "a-b-9", "zzzzzzzzzzzzzzzzzzzz", String(repeating: "a", count: 2_000),
    ])
    func `what is no Punycode is refused`(_ text: String) {
        #expect(Punycode.decode(text) == nil)
    }
}
