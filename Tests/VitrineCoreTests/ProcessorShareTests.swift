import Foundation
import Testing
import VitrineTesting

@testable import VitrineCore

@Suite("Processors are kept for answers")
struct ProcessorShareTests {
    private static let here = ProcessorSet.allowed

    private func ask(_ share: ProcessorShare, _ count: Int = ProcessorShare.many) {
        for _ in 0..<count { share.ask() }
    }

    private func quieten(_ share: ProcessorShare) {
        for _ in 0...ProcessorShare.patience { share.look() }
    }

    @Test(
        "while many ask, what gives way has the other processors, and all of them again when it is quiet",
        .enabled(if: here.count > 1)
    )
    func divided() async throws {
        let share = ProcessorShare()
        let pool = BlockingPool(name: "test", width: 1, share: share)
        #expect(try await pool.run { ProcessorSet.allowed } == Self.here)

        ask(share)
        let during = try await pool.run { ProcessorSet.allowed }
        let left = share.left
        quieten(share)

        #expect(during.count < Self.here.count)
        #expect(left == during.map(String.init).joined(separator: ","))
        #expect(share.left == nil)
        #expect(try await pool.run { ProcessorSet.allowed } == Self.here)
    }

    @Test("a program that was begun before gives way too", .enabled(if: here.count > 1))
    func programs() throws {
        let share = ProcessorShare()
        let program = Process()
        program.executableURL = URL(filePath: "/bin/sh")
        program.arguments = ["-c", "read line; taskset -p $$"]
        let (input, output) = (Pipe(), Pipe())
        program.standardInput = input
        program.standardOutput = output
        try program.run()

        ask(share)
        input.fileHandleForWriting.write(Data("go\n".utf8))
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        program.waitUntilExit()
        quieten(share)

        let mask = said.split(separator: " ").last.flatMap { UInt64($0.trimmed, radix: 16) }
        #expect(mask?.nonzeroBitCount ?? .max < Self.here.count)
    }

    @Test("few who ask divide nothing")
    func few() {
        let share = ProcessorShare()

        ask(share, ProcessorShare.many - 1)
        share.look()
        ask(share, ProcessorShare.many - 1)

        #expect(share.left == nil)
    }
}
