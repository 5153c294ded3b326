import Testing

@testable import VitrinePresets

@Suite("Folded text")
struct FoldedTextTests {
    @Test(
        "case, accents and punctuation do not count",
        arguments: [
            ("T-Shirts", "t shirts"), ("  Größe:  XL ", "grosse xl"), ("Łódź", "lodz"), ("ÉTÉ d'été", "ete dete"),
            ("Women’s", "womens"), ("Кроссовки Ёж", "кроссовки еж"), ("й", "й"), ("İstanbul ışık", "istanbul isik"),
            ("ＡＢＣ１", "abc1"), ("バッグ・靴", "バッグ 靴"), ("e\u{301}te\u{301}", "ete"), ("Smørrebrød", "smorrebrod"),
            ("--", ""), ("", ""), ("a\u{200B}b", "ab"), ("Home & Garden", "home garden"),
        ]
    )
    func folding(text: String, folded: String) {
        #expect(FoldedText(text).text == folded)
    }

    @Test(
        "keys hold the words that tell something, written together",
        arguments: [
            ("Home & Garden", "homegarden"), ("home and garden", "homegarden"), ("Haus und Garten", "hausgarten"),
            ("T-shirts", "tshirts"), ("t shirts", "tshirts"), ("and", "and"),
        ]
    )
    func keys(text: String, key: String) {
        #expect(String(decoding: FoldedText(text).key, as: UTF8.self) == key)
    }

    @Test(
        "whole words are found, and parts where a script does not part its words",
        arguments: [
            ("Trail Runner 3", "runner", true), ("Trail Runners", "runner", false), ("RUNNER", "runner", true),
            ("Gift card, red", "gift card", true), ("Giftcard", "gift card", false), ("a", "", false),
            ("复古真皮沙发床", "沙发", true), ("レザースニーカー白", "スニーカー", true), ("沙", "沙发", false),
            ("диван угловой", "Диван", true), ("Sneaker-Set", "sneaker", true),
        ]
    )
    func contains(text: String, word: String, isThere: Bool) {
        #expect(FoldedText(text).contains(FoldedText(word)) == isThere)
    }
}
