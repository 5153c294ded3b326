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
        let divisor = header.divisor(covering: header.size.shrunk(toShortSide: ImageCheck.shortSide), limits: limits)
        let picture = try ImageCodec.decode(bytes, header: header, divisor: divisor, limits: limits)
        guard try !isBlank(picture, bytes, header: header, limits: limits) else {
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
            signature: ImageCheck.signature(picture),
            remarks: ImageCheck.remarks(picture)
        )
    }

    /// A fine weave looks like one colour when it is reduced: what seems blank is looked at once more, from nearer.
    private static func isBlank(
        _ picture: DecodedPicture,
        _ bytes: Data,
        header: PictureHeader,
        limits: ImageLimits
    ) throws(ImageRefusal) -> Bool {
        let small = picture.bitmap.size.shrunk(toShortSide: min(picture.bitmap.size.shortSide, 128))
        guard ImageCheck.isBlank(picture.bitmap.averaged(picture.extent, to: small)) else { return false }
        guard ImageCheck.isBlank(picture.bitmap) else { return false }
        let divisor = header.format == .jpeg ? 1 : max(1, header.size.shortSide / 1024)
        guard divisor < picture.divisor, header.memory(divisor: divisor) <= limits.pictureMemory else { return true }
        let nearer = try ImageCodec.decode(bytes, header: header, divisor: divisor, limits: limits)
        return ImageCheck.isBlank(nearer.bitmap)
    }

    /// The decoded picture, upright and in sRGB: at its own size, or reduced while it still covers `covering`, or reduced further
    /// where that would take more memory than is allowed.
    public static func bitmap(
        _ bytes: Data,
        limits: ImageLimits = ImageLimits(),
        covering target: PixelSize? = nil
    ) throws(ImageRefusal) -> Bitmap {
        let header = try ImageCodec.header(bytes, limits: limits)
        let divisor = target.map { header.divisor(covering: $0, limits: limits) } ?? 1
        return try ImageCodec.decode(bytes, header: header, divisor: divisor, limits: limits).bitmap
    }
}

extension PixelSize {
    /// About the same shape with that many pixels on the short side.
    fileprivate func shrunk(toShortSide count: Int) -> PixelSize {
        let factor = Double(count) / Double(max(shortSide, 1))
        return PixelSize(
            width: max(1, Int(Double(width) * factor)),
            height: max(1, Int(Double(height) * factor))
        )
    }
}
