import Testing
import VitrineCore
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

@Suite("Answers that are kept")
struct KeptAnswerTests {
    @Test("an answer holds until the home changes, also by the hand of another process", arguments: [true, false])
    func change(byOther: Bool) async throws {
        let shop = try await ServedShop()
        let path = shop.folder + "/v.db"
        let mine = try SQLStore.open(path: path)
        let other = byOther ? try SQLStore.open(path: path) : mine
        let kept = KeptAnswers(log: mine)
        var looks = 0
        func ask() async throws -> JSONAnswer {
            try await kept.answer(to: "/v1/products/a") {
                looks += 1
                return JSONAnswer(looks)
            }
        }

        let first = try await ask()
        let again = try await ask()
        try await other.begin(Run(id: "r_1", plan: nil, createdAt: shop.time.now))
        let later = try await ask()

        #expect(looks == 2)
        #expect(first.body == again.body && first.body != later.body)
    }
}
