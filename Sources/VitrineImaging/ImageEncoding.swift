internal import CImageCodec
public import Foundation
import VitrineCore

/// The way out for pictures.
public enum ImageEncoding {
    /// A PNG without metadata; the same pixels give the same bytes.
    public static func png(_ bitmap: Bitmap) -> Data {
        encoded { bytes in
            bitmap.pixels.withUnsafeBufferPointer {
                ic_png_encode(
                    $0.baseAddress,
                    UInt32(bitmap.size.width),
                    UInt32(bitmap.size.height),
                    bitmap.isOpaque ? 0 : 1,
                    1,
                    &bytes
                )
            }
        }
    }

    /// A baseline JPEG without metadata at a quality of 1 to 100; what can be seen through becomes black.
    public static func jpeg(_ bitmap: Bitmap, quality: Int = 88) -> Data {
        jpeg(bitmap, quality: quality, ink: .color, isProgressive: false)
    }

    /// What the samples of a JPEG are.
    package enum Ink: Sendable {
        case color
        case grey
        case cmyk
        case ycck

        fileprivate var raw: ic_jpeg_kind {
            switch self {
            case .color: IC_JPEG_COLOR
            case .grey: IC_JPEG_GREY
            case .cmyk: IC_JPEG_CMYK
            case .ycck: IC_JPEG_YCCK
            }
        }
    }

    package static func jpeg(_ bitmap: Bitmap, quality: Int, ink: Ink, isProgressive: Bool) -> Data {
        encoded { bytes in
            bitmap.pixels.withUnsafeBufferPointer {
                ic_jpeg_encode(
                    $0.baseAddress,
                    UInt32(bitmap.size.width),
                    UInt32(bitmap.size.height),
                    Int32(min(max(quality, 1), 100)),
                    ink.raw,
                    isProgressive ? 1 : 0,
                    &bytes
                )
            }
        }
    }

    private static func encoded(_ encode: (inout ic_bytes) -> ic_status) -> Data {
        var bytes = ic_bytes()
        let status = encode(&bytes)
        precondition(status == IC_OK, "a picture in memory can be encoded unless memory has run out")
        defer { ic_release(&bytes) }
        return Data(bytes: bytes.start, count: bytes.count)
    }
}
