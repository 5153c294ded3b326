import CScheduler

/// Some of the machine's processors, as sched_setaffinity(2) takes them: the first 1024.
struct ProcessorSet {
    private var bits = [UInt8](repeating: 0, count: 128)

    /// These processors, by their numbers.
    init(_ processors: some Sequence<Int>) {
        for processor in processors where processor / 8 < bits.count {
            bits[processor / 8] |= 1 << UInt8(processor % 8)
        }
    }

    /// Those that the calling thread may use, in order; none where the kernel does not say.
    static var allowed: [Int] {
        var bits = ProcessorSet([]).bits
        guard sched_getaffinity(0, UInt(bits.count), &bits) == 0 else { return [] }
        return (0..<bits.count * 8).filter { bits[$0 / 8] & (1 << UInt8($0 % 8)) != 0 }
    }

    /// Lets a thread run on these alone; one that is gone, or that is not ours, stays as it is.
    func give(to thread: Int32) {
        _ = sched_setaffinity(thread, UInt(bits.count), bits)
    }
}
