public import Foundation
public import VitrineCore

extension ImageIntake {
    /// The picture as large as fits within a size and never larger than it is: upright, in sRGB, without metadata.
    ///
    /// A baseline JPEG, or a PNG where something can be seen through. A JPEG stays in its own colours on the way, its rows are
    /// scaled as they are decoded, and no more than a few of them are held: this is the way for pages full of pictures.
    public static func prepared(
        _ bytes: Data,
        fitting bounds: PixelSize,
        quality: Int = 88,
        limits: ImageLimits = ImageLimits()
    ) throws(ImageRefusal) -> Data {
        let header = try ImageCodec.header(bytes, limits: limits)
        let fit = header.size.shrunk(toFit: bounds)
        if header.format == .jpeg,
            let made = try ImageCodec.preparedJPEG(bytes, header: header, fit: fit, quality: quality, limits: limits)
        {
            return made
        }
        let picture = try ImageCodec.decode(
            bytes,
            header: header,
            divisor: header.format == .jpeg ? header.divisor(covering: fit, limits: limits) : 1,
            fit: fit,
            limits: limits
        )
        return picture.bitmap.isOpaque
            ? ImageEncoding.jpeg(picture.bitmap, quality: quality) : ImageEncoding.png(picture.bitmap)
    }
}

extension PixelSize {
    /// The same shape as large as fits, and never larger than it is.
    func shrunk(toFit bounds: PixelSize) -> PixelSize {
        let factor = min(Double(bounds.width) / Double(width), Double(bounds.height) / Double(height), 1)
        return PixelSize(
            width: max(1, Int((Double(width) * factor).rounded())),
            height: max(1, Int((Double(height) * factor).rounded()))
        )
    }
}
