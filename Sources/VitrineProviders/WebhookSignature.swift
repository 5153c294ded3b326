import Crypto
import Foundation
import VitrineCore

/// The schemes by which providers sign what they call us with; every comparison takes the same time whatever differs.
enum WebhookSignature {
    /// How old or early a callback may be.
    static let window = 300.0

    /// How a Standard Webhooks key and signature are written.
    enum Form: Sendable {
        /// A key in base64 behind `whsec_`, signatures `v1,` in base64.
        case standard
        /// A key as raw text behind `whsec_`, signatures `v3,` in hexadecimal.
        case rawKeyHexadecimal
    }

    /// Judges `webhook-id`, `webhook-timestamp` and `webhook-signature`: an HMAC with SHA-256 over id, time and body.
    static func judge(_ callback: ProviderCallback, secret: String, form: Form, now: Date) -> CallbackVerdict {
        let headers = callback.headers
        guard let id = headers["webhook-id"], let stamp = headers["webhook-timestamp"],
            let signatures = headers["webhook-signature"]
        else { return .forged("it has no signature") }
        guard isRecent(stamp, now) else { return .forged("it is too old, or early") }
        guard let key = key(secret, form) else { return .forged("the secret of the webhook is not well written") }
        let signed = Data("\(id).\(stamp).".utf8) + callback.body
        for signature in signatures.split(separator: " ") {
            let parts = signature.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, let bytes = bytes(of: String(parts[1]), version: String(parts[0]), form) else {
                continue
            }
            if HMAC<SHA256>.isValidAuthenticationCode(bytes, authenticating: signed, using: key) { return .signed }
        }
        return .forged("its signature is not the provider's")
    }

    /// Judges fal's scheme: Ed25519 over request, user, time and the digest of the body, by any of its published keys.
    static func judgeFal(_ callback: ProviderCallback, keys: [Data], now: Date) -> CallbackVerdict {
        let headers = callback.headers
        guard let request = headers["x-fal-webhook-request-id"], let user = headers["x-fal-webhook-user-id"],
            let stamp = headers["x-fal-webhook-timestamp"],
            let signature = headers["x-fal-webhook-signature"].flatMap(hexadecimal)
        else { return .forged("it has no signature") }
        guard isRecent(stamp, now) else { return .forged("it is too old, or early") }
        let digest = SHA256.hash(data: callback.body).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
        let signed = Data("\(request)\n\(user)\n\(stamp)\n\(digest)".utf8)
        for bytes in keys {
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
                continue  // A key of another kind cannot have signed it.
            }
            if key.isValidSignature(signature, for: signed) { return .signed }
        }
        return .forged("its signature is not the provider's")
    }

    /// The Ed25519 keys of a JWKS.
    static func ed25519Keys(_ jwks: JSON) -> [Data] {
        jwks["keys"].items.compactMap { key in
            key["crv"].text == "Ed25519" ? key["x"].text.flatMap(base64URL) : nil
        }
    }

    /// Bytes written in base64 for addresses, padded or not.
    static func base64URL(_ text: String) -> Data? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }

    /// Whether a stamp in seconds since 1970 lies within the window around now.
    static func isRecent(_ stamp: String, _ now: Date) -> Bool {
        Double(stamp).map { abs(now.timeIntervalSince1970 - $0) <= window } ?? false
    }

    private static func key(_ secret: String, _ form: Form) -> SymmetricKey? {
        let hasPrefix = secret.hasPrefix("whsec_")
        let text = hasPrefix ? String(secret.dropFirst(6)) : secret
        if form == .standard, hasPrefix { return Data(base64Encoded: text).map { SymmetricKey(data: $0) } }
        return text.isEmpty ? nil : SymmetricKey(data: Data(text.utf8))
    }

    private static func bytes(of text: String, version: String, _ form: Form) -> Data? {
        switch form {
        case .standard: version == "v1" ? Data(base64Encoded: text) : nil
        case .rawKeyHexadecimal: version == "v3" ? hexadecimal(text) : nil
        }
    }

    private static func hexadecimal(_ text: String) -> Data? {
        guard text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes = Data()
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
