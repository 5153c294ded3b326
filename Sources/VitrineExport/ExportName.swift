import Foundation
import VitrineCore

/// Names of files in exports: a slug of the title and a digest, never a raw SKU.
enum ExportName {
    /// The title in lower-case ASCII letters, digits and hyphens, at most 48 characters; `product` if nothing is left.
    static func slug(_ title: String) -> String {
        let plain = title.utf8.allSatisfy { $0 < 128 } ? title : latin(title)
        var slug = ""
        for byte in plain.utf8 {
            switch byte {
            case 48...57, 97...122: slug.unicodeScalars.append(Unicode.Scalar(byte))
            case 65...90: slug.unicodeScalars.append(Unicode.Scalar(byte + 32))
            case 39: continue
            default: if !slug.isEmpty, !slug.hasSuffix("-") { slug += "-" }
            }
            if slug.utf8.count == 48 { break }
        }
        while slug.hasSuffix("-") { slug.removeLast() }
        return slug.isEmpty ? "product" : slug
    }

    /// The name of a video without its ending: slug, shape and the digest of its file.
    static func stem(_ exported: ExportedVideo, of product: Product) -> String {
        let video = exported.video
        return "\(slug(product.title))-\(video.slot.placement.fileName)-\(video.clip.file.digest.short)"
    }

    /// The name of a picture.
    static func picture(_ picture: ExportedFile, of product: Product) -> String {
        let kind =
            picture.kind.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) } ? picture.kind : "bin"
        return "\(slug(product.title))-\(picture.digest.short).\(kind)"
    }

    private static func latin(_ title: String) -> String {
        let latin = title.applyingTransform(.toLatin, reverse: false) ?? title
        return latin.folding(
            options: [.diacriticInsensitive, .widthInsensitive],
            locale: Locale(identifier: "en_US_POSIX")
        )
        .replacing("ß", with: "ss").replacing("ø", with: "o").replacing("Ø", with: "O").replacing("æ", with: "ae")
        .replacing("Æ", with: "AE").replacing("ł", with: "l").replacing("Ł", with: "L").replacing("ı", with: "i")
    }
}
