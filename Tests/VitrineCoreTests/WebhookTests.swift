import Foundation
import Testing
import VitrineCore
import VitrineTesting

@Suite("Webhooks out")
struct WebhookTests {
    @Test("a signature is the one of Standard Webhooks")
    func signature() throws {
        // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let id: DeliveryID = "msg_p5jXN8AQM9LWM0D4loKWxJek"

        let signature = secret.signature(of: #"{"test": 2432232314}"#, id: id, timestamp: 1_614_265_330)

        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(
        "a secret is 192 bits of Base64 at least",
        arguments: [("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true), ("whsec_c2hvcnQ=", false), ("secret", false)]
    )
    func secrets(text: String, isOne: Bool) {
        #expect((WebhookSecret(text) != nil) == isOne)
    }

    @Test("a new secret can be read again")
    func fresh() {
        let secret = WebhookSecret(random: CountedRandom().source)
        #expect(WebhookSecret(secret.text) == secret)
    }

    private static let start = Date(milliseconds: 1_795_000_000_000)

    private func delivery() -> Delivery {
        Delivery(id: "d_1", webhook: "w_1", event: .videoFinished, body: "{}", createdAt: Self.start)
    }

    @Test("a message that nobody takes is tried ten times in three days, and then given up")
    func waits() {
        var tried = delivery()
        var moments: [Int64] = []
        while tried.state == .waiting {
            moments.append((tried.dueAt.milliseconds - Self.start.milliseconds) / 1000)
            tried = tried.tried(.refused("500"), at: tried.dueAt, unit: 0.5)
        }

        #expect(moments == [0, 5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 272_105])
        #expect(tried.state == .givenUp && tried.attempts == 10 && tried.lastAnswer == "500")
    }

    @Test("waits are spread by a tenth, and as long as the address asks for, up to a day")
    func spread() {
        let early = delivery().tried(.refused("500"), at: Self.start, unit: 0)
        let late = delivery().tried(.refused("500"), at: Self.start, unit: 0.999)
        let asked = delivery().tried(.refused("503", retryAfter: .seconds(90)), at: Self.start, unit: 0.5)
        let absurd = delivery().tried(.refused("503", retryAfter: .seconds(9_000_000)), at: Self.start, unit: 0.5)

        #expect(early.dueAt == Self.start.adding(.milliseconds(4500)))
        #expect(late.dueAt > Self.start.adding(.milliseconds(5490)))
        #expect(asked.dueAt == Self.start.adding(.seconds(90)))
        #expect(absurd.dueAt == Self.start.adding(.seconds(86_400)))
    }

    @Test(
        "an address is http or https, with a host and nothing secret before it",
        arguments: [
            ("https://erp.shop.example/vitrine?x=1", true), ("http://127.0.0.1:9000/", true),
            ("ftp://shop.example/", false), ("https://", false), ("https://name:word@shop.example/", false),
            ("https://shop.example/#part", false), ("https://shop.example/a b", false), ("shop.example", false),
        ]
    )
    func addresses(text: String, isOne: Bool) {
        #expect(Webhook.isAddress(text) == isOne)
    }
}
