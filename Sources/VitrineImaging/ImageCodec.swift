internal import CImageCodec
import Foundation
import VitrineCore

/// What a picture says of itself before it is decoded.
struct PictureHeader {
    var format: SourceImage.Format
    var stored: PixelSize
    var metadata: PictureMetadata
    var mayHaveAlpha: Bool
    var held: Int

    /// The size once it stands upright.
    var size: PixelSize { metadata.orientation.upright(stored) }

    /// The reduction that leaves the picture large enough to be scaled down to a size that covers `target`, or a larger one
    /// where the memory does not suffice for that.
    func divisor(covering target: PixelSize, limits: ImageLimits) -> Int {
        let factor =
            target.width > 0 && target.height > 0
            ? min(Double(size.width) / Double(target.width), Double(size.height) / Double(target.height)) : 1
        let steps: [Int]
        switch format {
        case .jpeg: steps = [1, 2, 4, 8]
        case .png, .webp: steps = Array(1...64)
        }
        let room = format == .jpeg ? factor : factor / 2
        let wanted = steps.last { Double($0) <= room } ?? 1
        return steps.first { $0 >= wanted && memory(divisor: $0) <= limits.pictureMemory } ?? wanted
    }

    /// The bytes of memory that decoding takes.
    func memory(divisor: Int, fit: PixelSize? = nil) -> Int { held + (fit ?? reduced(divisor)).area * 4 }

    /// The upright size of the output.
    func reduced(_ divisor: Int) -> PixelSize {
        PixelSize(width: (size.width + divisor - 1) / divisor, height: (size.height + divisor - 1) / divisor)
    }
}

/// A picture decoded at a reduction, and what was met on the way.
struct DecodedPicture {
    var bitmap: Bitmap
    var divisor: Int
    var leastAlpha: UInt8
    var hasUnreadableProfile: Bool
    /// The picture's own upright size divided by `divisor`: the last pixel of a row or column may be only partly real.
    var extent: Part
}

/// The codecs of C behind two functions.
enum ImageCodec {
    static func header(_ bytes: Data, limits: ImageLimits) throws(ImageRefusal) -> PictureHeader {
        guard bytes.count <= limits.bytes else {
            throw ImageRefusal(
                .tooLarge,
                "picture is \(megabytes(bytes.count)) MB, expected at most \(megabytes(limits.bytes)) MB"
            )
        }
        let format: SourceImage.Format
        switch ImageFormat(of: bytes) {
        case .known(let known): format = known
        case .foreign(let name, let hint):
            throw ImageRefusal(.format, "picture is \(name), expected JPEG, PNG or WebP", hint: hint)
        }
        var raw = ic_header()
        var result = ic_result()
        let status = bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) in
            let start = buffer.bindMemory(to: UInt8.self).baseAddress
            switch format {
            case .jpeg: return ic_jpeg_header(start, buffer.count, &raw, &result)
            case .png: return ic_png_header(start, buffer.count, &raw, &result)
            case .webp: return ic_webp_header(start, buffer.count, &raw, &result)
            }
        }
        if status != IC_OK { throw refusal(status, result, format: format, limits: limits) }
        if raw.is_animated != 0 {
            throw ImageRefusal(
                .format,
                "picture is an animated WebP, expected a still one",
                hint: "save one frame of it"
            )
        }
        let header = PictureHeader(
            format: format,
            stored: PixelSize(width: Int(raw.width), height: Int(raw.height)),
            metadata: PictureMetadata(of: bytes, format: format),
            mayHaveAlpha: raw.has_alpha != 0,
            held: Int(raw.held)
        )
        try check(header, limits: limits)
        return header
    }

    private static func check(_ header: PictureHeader, limits: ImageLimits) throws(ImageRefusal) {
        let size = header.size
        guard size.width > 0, size.height > 0 else {
            throw ImageRefusal(.damaged, "picture is \(size) px")
        }
        guard size.area <= limits.pixels else {
            throw ImageRefusal(
                .tooLarge,
                "picture is \(size) px, more than the \(limits.pixels / 1_000_000) megapixels that are accepted",
                hint: "give the product a smaller copy of it"
            )
        }
        guard size.shortSide >= limits.smallestSide else {
            throw ImageRefusal(
                .tooSmall,
                "picture is \(size) px, smaller than the \(limits.smallestSide) px a provider accepts",
                hint: "give the product a larger picture, or set `VITRINE_SMALLEST_SIDE`"
            )
        }
    }

    static func decode(
        _ bytes: Data,
        header: PictureHeader,
        divisor: Int,
        fit: PixelSize? = nil,
        limits: ImageLimits
    ) throws(ImageRefusal) -> DecodedPicture {
        let memory = header.memory(divisor: divisor, fit: fit)
        guard memory <= limits.pictureMemory else {
            throw ImageRefusal(
                .tooLarge,
                "picture of \(header.size) px takes \(megabytes(memory)) MB to decode, "
                    + "expected at most \(megabytes(limits.pictureMemory)) MB",
                hint: "give the product a smaller copy of it, or set `VITRINE_PICTURE_MEMORY`"
            )
        }
        let size = fit ?? header.reduced(divisor)
        var result = ic_result()
        var status = IC_OK
        let pixels = bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) in
            [UInt8](unsafeUninitializedCapacity: size.area * 4) { out, count in
                guard let start = buffer.bindMemory(to: UInt8.self).baseAddress, let room = out.baseAddress else {
                    return
                }
                var request = request(start, buffer.count, header: header, divisor: divisor, fit: fit, limits: limits)
                request.out = room
                switch header.format {
                case .jpeg: status = ic_jpeg_decode(&request, &result)
                case .png: status = ic_png_decode(&request, &result)
                case .webp: status = ic_webp_decode(&request, &result)
                }
                count = status == IC_OK ? size.area * 4 : 0
            }
        }
        if status != IC_OK || pixels.isEmpty { throw refusal(status, result, format: header.format, limits: limits) }
        return DecodedPicture(
            bitmap: Bitmap(size: size, pixels: pixels, isOpaque: result.least_alpha == 255),
            divisor: divisor,
            leastAlpha: result.least_alpha,
            hasUnreadableProfile: result.profile_unreadable != 0,
            extent: Part(
                x: header.metadata.orientation.startsLate(header.size.width, divisor, .across),
                y: header.metadata.orientation.startsLate(header.size.height, divisor, .down),
                width: Double(header.size.width) / Double(divisor),
                height: Double(header.size.height) / Double(divisor)
            )
        )
    }

    /// A JPEG made ready without leaving its own YCbCr; nil where its colours do not allow that.
    static func preparedJPEG(
        _ bytes: Data,
        header: PictureHeader,
        fit: PixelSize,
        quality: Int,
        limits: ImageLimits
    ) throws(ImageRefusal) -> Data? {
        var result = ic_result()
        var made = ic_bytes()
        let divisor = header.divisor(covering: fit, limits: limits)
        let status = bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) in
            guard let start = buffer.bindMemory(to: UInt8.self).baseAddress else { return IC_DAMAGED }
            var request = request(start, buffer.count, header: header, divisor: divisor, fit: fit, limits: limits)
            return ic_jpeg_prepare(&request, Int32(quality), &made, &result)
        }
        if status == IC_UNSUPPORTED { return nil }
        if status != IC_OK { throw refusal(status, result, format: .jpeg, limits: limits) }
        defer { ic_release(&made) }
        return Data(bytes: made.start, count: made.count)
    }

    private static func request(
        _ start: UnsafePointer<UInt8>,
        _ count: Int,
        header: PictureHeader,
        divisor: Int,
        fit: PixelSize?,
        limits: ImageLimits
    ) -> ic_request {
        let profile = header.metadata.profile ?? 0..<0
        let stored = fit.map { header.metadata.orientation.upright($0) }
        var request = ic_request()
        request.bytes = start
        request.count = count
        request.width = UInt32(header.stored.width)
        request.height = UInt32(header.stored.height)
        request.divisor = UInt32(divisor)
        request.fit_width = UInt32(stored?.width ?? 0)
        request.fit_height = UInt32(stored?.height ?? 0)
        request.orientation = header.metadata.orientation.rawValue
        request.scans = Int32(scans(for: header, limits: limits))
        request.profile = profile.isEmpty ? nil : start + profile.lowerBound
        request.profile_count = profile.count
        return request
    }

    /// Each scan of a JPEG passes over the whole picture: large ones get fewer, so that no file costs more than seconds.
    private static func scans(for header: PictureHeader, limits: ImageLimits) -> Int {
        min(limits.scans, max(16, 2_000_000_000 / max(1, header.stored.area)))
    }

    private static func refusal(
        _ status: ic_status,
        _ result: ic_result,
        format: SourceImage.Format,
        limits: ImageLimits
    ) -> ImageRefusal {
        let said = withUnsafeBytes(of: result.message) { raw in
            String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        let name = format.title
        switch status {
        case IC_UNSUPPORTED:
            return ImageRefusal(
                .format,
                "picture is a kind of \(name) that cannot be read (\(said))",
                hint: "save the picture anew as JPEG, PNG or WebP"
            )
        case IC_TOO_MANY_SCANS:
            return ImageRefusal(
                .tooLarge,
                "picture is a JPEG of more scans than the \(limits.scans) that are accepted, or of too many for its size",
                hint: "save the picture anew"
            )
        case IC_NO_MEMORY:
            return ImageRefusal(.tooLarge, "picture takes more memory than there is")
        default:
            return ImageRefusal(
                .damaged,
                "picture is a damaged \(name)" + (said.isEmpty ? "" : " (\(said))"),
                hint: "upload or download the picture anew"
            )
        }
    }

    private static func megabytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
}

extension SourceImage.Format {
    var title: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .webp: "WebP"
        }
    }
}
