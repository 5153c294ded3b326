import Testing

@testable import VitrineTransport

@Suite struct AddressRuleTests {
    private let far: [UInt8] = [8, 8, 8, 8]
    private let near: [UInt8] = [192, 168, 1, 1]
    private let own: [UInt8] = [127, 0, 0, 1]

    @Test("only an exception or the operator leads to a private address")
    func private_() {
        #expect(AddressRule.allCases.map { $0.permits(far, carriesKeyInTheClear: false) } == [true, true, true])
        #expect(AddressRule.allCases.map { $0.permits(near, carriesKeyInTheClear: false) } == [false, true, true])
        #expect(AddressRule.allCases.map { $0.permits([], carriesKeyInTheClear: false) } == [false, false, false])
    }

    @Test("a key in the clear stays on this machine, whoever named the address")
    func keys() {
        #expect(AddressRule.allCases.map { $0.permits(far, carriesKeyInTheClear: true) } == [false, false, false])
        #expect(AddressRule.allCases.map { $0.permits(near, carriesKeyInTheClear: true) } == [false, false, false])
        #expect(AddressRule.allCases.map { $0.permits(own, carriesKeyInTheClear: true) } == [false, true, true])
    }
}
