import Foundation
import VitrineCore

/// The part of a picture that must be seen whole, and how near to the frame's edges it may come.
struct KeptPart: Sendable {
    private let width: Float
    private let height: Float
    private let subject: Subject
    /// The edges of the frame's part within which it stays, in fractions of the frame; nil where the photo itself cuts it.
    private let left: Float?
    private let top: Float?
    private let right: Float?
    private let bottom: Float?

    /// What stands in a picture, behind black bars that take that part of the frame's height above and below; where nobody knows,
    /// the middle of the picture.
    init(_ subject: Subject, size: PixelSize, bars: Float) {
        (width, height) = (Float(size.width), Float(size.height))
        guard subject.isClear else {
            var middle = subject
            (middle.left, middle.top, middle.right, middle.bottom) = (0.07, 0.07, 0.93, 0.93)
            self.subject = middle
            (left, top, right, bottom) = (0, 0, 1, 1)
            return
        }
        self.subject = subject
        // Apps lay more over the foot of a full screen than over its head.
        let isStory = size.aspect < 0.7
        left = KeptPart.margin(0.02, of: subject.left)
        top = KeptPart.margin(isStory ? 0.05 : 0.02, of: subject.top, behind: bars)
        right = KeptPart.margin(0.02, of: 1 - subject.right).map { 1 - $0 }
        bottom = KeptPart.margin(isStory ? 0.1 : 0.02, of: 1 - subject.bottom, behind: bars).map { 1 - $0 }
    }

    /// The bars that leave what stands in the picture room above and below.
    static func bars(_ wanted: Float, over subject: Subject) -> Float {
        guard subject.isClear else { return wanted }
        let rooms = [subject.top, 1 - subject.bottom].filter { $0 > cut }
        return min(wanted, (rooms.min() ?? 1) * 0.75)
    }

    /// Whether it stays within its edges: whether they see nothing of it.
    func isWhole(seenBy camera: Camera) -> Bool {
        let (x, y) = (left ?? 0, top ?? 0)
        let (across, down) = ((right ?? 1) - x, (bottom ?? 1) - y)
        for step in 0...KeptPart.steps {
            let along = Float(step) / Float(KeptPart.steps)
            if let left, sees(camera, left, y + down * along) { return false }
            if let right, sees(camera, right, y + down * along) { return false }
            if let top, sees(camera, x + across * along, top) { return false }
            if let bottom, sees(camera, x + across * along, bottom) { return false }
        }
        return true
    }

    private static let steps = 16
    /// A product that comes nearer to an edge of its photo is cut there.
    private static let cut: Float = 0.004

    /// The margin of a side that has that much room in the first frame: as wide as is wished, as long as that lets anything move.
    private static func margin(_ wished: Float, of room: Float, behind bars: Float = 0) -> Float? {
        room > cut ? bars + min(wished, max(0, room - bars) * 0.6) : nil
    }

    /// Whether a place of the frame, in fractions, shows what is kept.
    private func sees(_ camera: Camera, _ x: Float, _ y: Float) -> Bool {
        let place = place(x, y, by: camera)
        return place.x > subject.left && place.x < subject.right && place.y > subject.top && place.y < subject.bottom
    }

    /// Where the product is seen at a place of the frame, both in fractions: what the kernels compute of a product that moves
    /// against its ground.
    private func place(_ frameX: Float, _ frameY: Float, by camera: Camera) -> SIMD2<Float> {
        let (unit, focal) = (min(width, height) / 2, Float(2.6))
        let x = (frameX - 0.5) * width / unit
        let grow = focal / (focal - x * tan(camera.yaw)) / camera.zoom
        let u = width * (0.5 + camera.x) + x * grow / cos(camera.yaw) * unit
        let v = height * (0.5 + camera.y) + (frameY - 0.5) * height * grow
        let half = max((subject.right - subject.left) / 2 * width, 1)
        let middle = (subject.left + subject.right) / 2 * width
        let level = (subject.top + subject.bottom) / 2 * height
        let foot = subject.bottom * height
        let side = (u - camera.driftX * 2 * unit - middle) / half / camera.near
        let round = max(0, 1 - side * side)
        let (reach, lean) = (min(max(side, -1.3), 1.3), sin(camera.swing) / 4)
        let card = reach / (cos(camera.swing) - reach * lean)
        let across = middle + (side + card - reach - camera.turn * round * round) * half
        let down = foot + (v - camera.driftY * 2 * unit - foot) / camera.near
        return SIMD2(across / width, (level + (down - level) * (1 + card * lean)) / height)
    }
}
