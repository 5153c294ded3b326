import CryptoExtras
import Foundation
import VitrineCore

/// A callback's signature as a JSON web token of RS256.
enum WebhookToken {
    /// Judges a token by the published keys: its signature, its end, that it was not made long ago, and that it was made for this address.
    static func judge(_ token: String, to address: String, keys: JSON, now: Date) -> CallbackVerdict {
        let parts = token.split(separator: ".").map(String.init)
        guard parts.count == 3, let head = part(parts[0]), let claims = part(parts[1]),
            let signature = WebhookSignature.base64URL(parts[2]), head["alg"].text == "RS256"
        else { return .forged("its token is not one of RS256") }
        let moment = now.timeIntervalSince1970
        if let end = claims["exp"].double, end < moment { return .forged("its token has ended") }
        if let made = claims["iat"].double, abs(moment - made) > WebhookSignature.window {
            return .forged("it is too old, or early")
        }
        guard claims["aud"].text == address || claims["aud"].items.contains(where: { $0.text == address }) else {
            return .forged("its token was made for another address")
        }
        let signed = Data("\(parts[0]).\(parts[1])".utf8)
        for key in keys["keys"].items where key["kid"].text == head["kid"].text {
            guard let modulus = key["n"].text.flatMap(WebhookSignature.base64URL),
                let exponent = key["e"].text.flatMap(WebhookSignature.base64URL),
                let open = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
            else { continue }  // A key that cannot be read cannot have signed it.
            let claimed = _RSA.Signing.RSASignature(rawRepresentation: signature)
            if open.isValidSignature(claimed, for: signed, padding: .insecurePKCS1v1_5) { return .signed }
        }
        return .forged("its signature is not the provider's")
    }

    private static func part(_ text: String) -> JSON? {
        WebhookSignature.base64URL(text).flatMap { JSON($0) }
    }
}
