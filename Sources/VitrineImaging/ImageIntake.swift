// VitrineImaging: bytes become a validated, upright, sRGB picture or a named refusal; picture and recipe become a first frame.
// It opens no file and no socket, keeps nothing between calls, and never crashes on bad bytes.
// The pipeline, the local renderer and the gallery call it, on a `BlockingPool`: everything here computes and returns.

public import Foundation
public import VitrineCore

/// The way in for pictures.
public enum ImageIntake {
    /// Decodes a picture once, as small as suffices, and says what it is; throws the reason why it cannot be used.
    ///
    /// Messages of refusals begin with "picture is", without a name: the caller knows the name and the place.
    public static func check(_ bytes: Data, limits: ImageLimits = ImageLimits()) throws(ImageRefusal) -> SourceImage {
        let header = try ImageCodec.header(bytes, limits: limits)
        let divisor =
            switch header.format {
            case .jpeg: [8, 4, 2].first { header.size.shortSide / $0 >= 64 } ?? 1
            case .png, .webp: max(1, header.size.shortSide / 128)
            }
        let picture = try ImageCodec.decode(bytes, header: header, divisor: divisor, limits: limits)
        guard !ImageCheck.isBlank(picture.bitmap) else {
            throw ImageRefusal(
                .blank,
                picture.leastAlpha < 8 ? "picture can be seen through everywhere" : "picture is of one colour all over",
                hint: "give the product another picture"
            )
        }
        return SourceImage(
            digest: Digest(of: bytes),
            format: header.format,
            size: header.size,
            bytes: bytes.count,
            hasTransparency: picture.leastAlpha < 250,
            signature: ImageCheck.signature(picture)
        )
    }

    /// The decoded picture, upright and in sRGB: at its own size, or reduced while it still covers `covering`.
    public static func bitmap(
        _ bytes: Data,
        limits: ImageLimits = ImageLimits(),
        covering target: PixelSize? = nil
    ) throws(ImageRefusal) -> Bitmap {
        let header = try ImageCodec.header(bytes, limits: limits)
        return try ImageCodec.decode(
            bytes,
            header: header,
            divisor: header.divisor(covering: target),
            limits: limits
        ).bitmap
    }
}
