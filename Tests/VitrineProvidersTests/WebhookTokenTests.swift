import CryptoExtras
import Foundation
import Testing
import VitrineCore

@testable import VitrineProviders

@Suite("Tokens of RS256")
struct WebhookTokenTests {
    private static let now = Date(milliseconds: 1_795_000_000_000)
    private static let address = "https://video.shop.example/v1/webhooks/gemini/j_1.abc"
    private static let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048)

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func token(_ claims: String, algorithm: String = "RS256", kid: String = "k1") throws -> String {
        let head = Self.base64URL(Data(#"{"alg":"\#(algorithm)","kid":"\#(kid)"}"#.utf8))
        let message = head + "." + Self.base64URL(Data(claims.utf8))
        let signature = try #require(Self.key).signature(for: Data(message.utf8), padding: .insecurePKCS1v1_5)
        return message + "." + Self.base64URL(signature.rawRepresentation)
    }

    private func keys() throws -> String {
        let open = try #require(Self.key).publicKey.getKeyPrimitives()
        return
            #"{"keys":[{"kid":"k1","n":"\#(Self.base64URL(open.modulus))","e":"\#(Self.base64URL(open.publicExponent))"}]}"#
    }

    private func verdict(_ token: String) throws -> CallbackVerdict {
        let text = try keys()
        let keys = try #require(JSON(Data(text.utf8)))
        return WebhookToken.judge(token, to: Self.address, keys: keys, now: Self.now)
    }

    private var seconds: Int { Int(Self.now.timeIntervalSince1970) }

    @Test("one that was made for this address, now, by a published key is the provider's")
    func signed() throws {
        let good = #"{"aud":"\#(Self.address)","iat":\#(seconds),"exp":\#(seconds + 60)}"#
        #expect(try verdict(token(good)) == .signed)
        #expect(try verdict(token(#"{"aud":["x","\#(Self.address)"],"iat":\#(seconds)}"#)) == .signed)
    }

    @Test("one for another address, of another time, by another key or another way is not")
    func forged() throws {
        let other = #"{"aud":"https://other.example/","iat":\#(seconds)}"#
        #expect(try verdict(token(other)) == .forged("its token was made for another address"))
        #expect(try verdict(token(#"{"iat":\#(seconds)}"#)) == .forged("its token was made for another address"))
        let old = #"{"aud":"\#(Self.address)","iat":\#(seconds - 301)}"#
        #expect(try verdict(token(old)) == .forged("it is too old, or early"))
        let ended = #"{"aud":"\#(Self.address)","exp":\#(seconds - 1)}"#
        #expect(try verdict(token(ended)) == .forged("its token has ended"))
        let good = #"{"aud":"\#(Self.address)","iat":\#(seconds)}"#
        #expect(try verdict(token(good, algorithm: "none")) != .signed)
        #expect(try verdict(token(good, kid: "k2")) != .signed)
        let parts = try token(good).split(separator: ".").map(String.init)
        let changed = Self.base64URL(Data(#"{"aud":"\#(Self.address)","iat":\#(seconds + 1)}"#.utf8))
        #expect(try verdict([parts[0], changed, parts[2]].joined(separator: ".")) != .signed)
        #expect(try verdict("a.b.c") != .signed)
    }

    @Test("the provider judges a callback with keys that it fetches")
    func provider() async throws {
        let exchange = try Exchange("gemini", [.init(body: try keys())])
        let stamp = Int(Date(milliseconds: 1_795_000_000_000).timeIntervalSince1970)
        let token = try token(#"{"aud":"\#(Self.address)","iat":\#(stamp)}"#)
        let callback = ProviderCallback(to: Self.address, headers: ["webhook-signature": token], body: Data())

        #expect(await exchange.provider.verify(callback, now: Self.now) == .signed)
    }
}
