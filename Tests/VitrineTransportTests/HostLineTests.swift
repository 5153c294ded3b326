import Testing

@testable import VitrineTransport

@Suite struct HostLineTests {
    @Test("a line serves in order, and never more at a time than allowed")
    func order() {
        var line = HostLine<Int>()
        for number in 1...200 { line.join(number) }

        #expect(line.next(limit: 2) == 1)
        #expect(line.next(limit: 2) == 2)
        #expect(line.next(limit: 2) == nil)

        var served: [Int] = []
        while !line.isIdle {
            line.leave()
            if let next = line.next(limit: 2) { served.append(next) }
        }

        #expect(served == Array(3...200))
        #expect(line.running == 0)
    }

    @Test("who leaves the line is not served")
    func removal() {
        var line = HostLine<Int>()
        for number in 1...5 { line.join(number) }
        _ = line.next(limit: 1)

        #expect(line.remove { $0 % 2 == 1 } == [3, 5])
        line.leave()
        #expect(line.next(limit: 1) == 2)
    }
}
