/// How large a picture may be, asked before the work that it would cost.
public struct ImageLimits: Hashable, Sendable {
    /// Pixels on the short side that a picture must have.
    public var smallestSide: Int
    /// Bytes of memory that decoding one picture may take, by the estimate of its header.
    public var pictureMemory: Int
    /// Pixels in all.
    public var pixels: Int
    /// Bytes of the file.
    public var bytes: Int
    /// Passes in which a JPEG may come.
    public var scans: Int

    /// Limits that suit product photos of shops.
    public init(
        smallestSide: Int = 300,
        pictureMemory: Int = 384 << 20,
        pixels: Int = 100_000_000,
        bytes: Int = 50 << 20,
        scans: Int = 100
    ) {
        self.smallestSide = smallestSide
        self.pictureMemory = pictureMemory
        self.pixels = pixels
        self.bytes = bytes
        self.scans = scans
    }
}
