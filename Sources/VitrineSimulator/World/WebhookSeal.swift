import Crypto
import CryptoExtras
import Foundation
import Synchronization
import VitrineCore

/// How the providers sign their webhooks, each by its own scheme.
struct WebhookSeal: Sendable {
    let secret: String

    /// Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, the key decoded from base64, the signature in base64, `v1,` before it.
    func standard(_ body: Data, id: String, at now: Date) -> [String: String] {
        let text = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
        let key = secret.hasPrefix("whsec_") ? Data(base64Encoded: text) ?? Data(text.utf8) : Data(text.utf8)
        return headers(id: id, at: now, signature: "v1," + code(body, id: id, at: now, key: key).base64EncodedString())
    }

    /// WaveSpeed's: the same message, but the key as text, the signature in hexadecimal, `v3,` before it.
    func hexadecimal(_ body: Data, id: String, at now: Date) -> [String: String] {
        let key = Data((secret.hasPrefix("whsec_") ? secret.dropFirst(6) : secret[...]).utf8)
        let digits = WebhookSeal.digits(code(body, id: id, at: now, key: key))
        return headers(id: id, at: now, signature: "v3," + digits)
    }

    /// fal's: Ed25519 over request, user, timestamp and the digest of the body, a line each.
    func lines(_ body: Data, request: String, at now: Date) throws -> [String: String] {
        let user = "simulated-user"
        let timestamp = String(now.milliseconds / 1000)
        let message = [request, user, timestamp, Digest(of: body).hexadecimal].joined(separator: "\n")
        return [
            "content-type": "application/json", "x-fal-webhook-request-id": request, "x-fal-webhook-user-id": user,
            "x-fal-webhook-timestamp": timestamp,
            "x-fal-webhook-signature": WebhookSeal.digits(try edwardsKey.signature(for: Data(message.utf8))),
        ]
    }

    /// The keys that fal's signatures are checked with.
    var edwardsKeys: JSON {
        get throws {
            let key = WebhookSeal.base64URL(try edwardsKey.publicKey.rawRepresentation)
            return ["keys": [["kty": "OKP", "crv": "Ed25519", "x": .text(key)]]]
        }
    }

    private var edwardsKey: Curve25519.Signing.PrivateKey {
        get throws {
            try Curve25519.Signing.PrivateKey(rawRepresentation: Data(SHA256.hash(data: Data(secret.utf8))))
        }
    }

    private func headers(id: String, at now: Date, signature: String) -> [String: String] {
        [
            "content-type": "application/json", "webhook-id": id,
            "webhook-timestamp": String(now.milliseconds / 1000), "webhook-signature": signature,
        ]
    }

    private func code(_ body: Data, id: String, at now: Date, key: Data) -> Data {
        let message = Data("\(id).\(now.milliseconds / 1000).".utf8) + body
        return Data(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }

    static func digits(_ bytes: Data) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func base64URL(_ bytes: Data) -> String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// Gemini's dynamic webhooks: an RS256 JWT in one header, its key in a set of keys.
final class TokenSeal: Sendable {
    static let keyID = "simulated-1"
    private let key = Mutex<_RSA.Signing.PrivateKey?>(nil)

    /// The headers of a webhook to an address.
    func token(for address: String, id: String, at now: Date) throws -> [String: String] {
        let seconds = Int(now.milliseconds / 1000)
        let head: JSON = ["alg": "RS256", "typ": "JWT", "kid": .text(TokenSeal.keyID)]
        let claims: JSON = [
            "iss": "https://generativelanguage.googleapis.com", "aud": .text(address), "iat": .integer(seconds),
            "exp": .integer(seconds + 300), "jti": .text(id),
        ]
        let message = WebhookSeal.base64URL(head.bytes) + "." + WebhookSeal.base64URL(claims.bytes)
        let signature = try made().signature(for: Data(message.utf8), padding: .insecurePKCS1v1_5)
        let token = message + "." + WebhookSeal.base64URL(signature.rawRepresentation)
        return ["content-type": "application/json", "webhook-signature": token]
    }

    /// The keys that these signatures are checked with.
    func keys() throws -> JSON {
        let primitives = try made().publicKey.getKeyPrimitives()
        return [
            "keys": [
                [
                    "kty": "RSA", "alg": "RS256", "use": "sig", "kid": .text(TokenSeal.keyID),
                    "n": .text(WebhookSeal.base64URL(primitives.modulus)),
                    "e": .text(WebhookSeal.base64URL(primitives.publicExponent)),
                ]
            ]
        ]
    }

    private func made() throws -> _RSA.Signing.PrivateKey {
        try key.withLock { key in
            let made = try key ?? _RSA.Signing.PrivateKey(keySize: .bits2048)
            key = made
            return made
        }
    }
}
