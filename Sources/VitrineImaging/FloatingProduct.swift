internal import CImageCodec
import Foundation
import VitrineCore

/// A product that was cut out and laid on pure white by its merchant: it floats, until it throws a shadow.
struct FloatingProduct {
    /// The product without its white.
    let product: Bitmap

    /// Nil where the picture is not that sure a case: another ground, a ground with a shadow of its own, or no clear edge.
    init?(_ picture: DecodedPicture, subject: Subject) {
        guard subject.ground == .plain, subject.mass != nil, subject.border.tone.lightness > 252,
            subject.border.noise < 0.7
        else { return nil }
        let bitmap = picture.bitmap
        let cutout = Cutout(of: bitmap)
        guard cutout.isSure, FloatingProduct.isWhite(under: cutout.box, of: bitmap) else { return nil }
        product = cutout.product(of: bitmap, on: cutout.ground(of: bitmap))
    }

    /// Lays the shadow over a frame that holds the picture already, and the product over its shadow.
    func stand(in pixels: inout [UInt8], extent: Part, subject: Subject, layout: FrameLayout, frame: PixelSize) {
        let shadow = Backdrop(
            shadowOf: product,
            extent: extent,
            box: layout.box(of: subject),
            layout: layout,
            frame: frame
        ).frame(frame)
        pixels.withUnsafeMutableBufferPointer { ic_darken($0.baseAddress, shadow, frame.area) }
        product.draw(
            extent,
            over: &pixels,
            frame: frame,
            at: (layout.x, layout.y, layout.width, layout.height),
            across: [UInt16](repeating: 256, count: layout.width),
            down: [UInt16](repeating: 256, count: layout.height)
        )
    }

    /// Whether nothing lies on the ground right under a product.
    private static func isWhite(under box: Cutout.Box, of bitmap: Bitmap) -> Bool {
        let size = bitmap.size
        let first = Int(box.bottom * Float(size.height)) + 3
        let last = min(size.height, first + max(4, size.height / 30))
        let left = Int(box.left * Float(size.width))
        let right = min(size.width, Int(box.right * Float(size.width)))
        guard first < last, left < right else { return false }
        return (first..<last).allSatisfy { y in (left..<right).allSatisfy { bitmap[$0, y].y > 249 } }
    }
}
