import Testing
import VitrineTransport

@Suite struct AddressGuardTests {
    @Test(
        "an address outside the public internet is told from one inside",
        arguments: [
            ("8.8.8.8", true), ("1.1.1.1", true), ("93.184.216.34", true), ("172.15.255.255", true),
            ("172.32.0.1", true),
            ("100.63.255.255", true), ("100.128.0.1", true), ("169.253.1.1", true), ("192.0.1.1", true),
            ("198.17.255.255", true), ("198.20.0.1", true), ("223.255.255.255", true), ("11.0.0.1", true),
            ("0.0.0.0", false), ("0.1.2.3", false), ("10.1.2.3", false), ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("127.0.0.1", false), ("127.255.255.254", false), ("169.254.169.254", false), ("172.16.0.1", false),
            ("172.31.255.255", false), ("192.0.0.1", false), ("192.0.2.1", false), ("192.88.99.1", false),
            ("192.168.1.1", false), ("198.18.0.1", false), ("198.19.255.255", false), ("198.51.100.7", false),
            ("203.0.113.9", false), ("224.0.0.1", false), ("239.255.255.255", false), ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700:4700::1111", true), ("2a00:1450:4001:81b::200e", true), ("2001:4860:4860::8888", true),
            ("::", false), ("::1", false), ("::127.0.0.1", false), ("fe80::1", false), ("fec0::1", false),
            ("fc00::1", false), ("fd12:3456::1", false), ("ff02::1", false), ("100::1", false), ("2001:db8::1", false),
            ("2001:2::1", false), ("2001:10::1", false), ("2001:20::1", false), ("3fff::1", false), ("5f00::1", false),
            ("::ffff:8.8.8.8", true), ("::ffff:127.0.0.1", false), ("::ffff:10.0.0.1", false),
            ("64:ff9b::8.8.8.8", true), ("64:ff9b::10.0.0.1", false), ("64:ff9b:1::8.8.8.8", false),
            ("2002:0808:0808::1", true), ("2002:7f00:0001::1", false), ("2002:c0a8:0101::1", false),
            ("2001:0:0808:0808:0:0:f7f7:f7f7", true), ("2001:0:0808:0808:0:0:80ff:fffe", false),
            ("2001:0:0a00:0001:0:0:f7f7:f7f7", false),
        ]
    )
    func judges(_ text: String, isPublic: Bool) throws {
        let bytes = try #require(AddressGuard.bytes(of: text))

        #expect(AddressGuard.isPublic(bytes) == isPublic)
    }

    @Test(
        "what is no address is not public",
        arguments: [[], [1], [8, 8, 8], Array(repeating: 8, count: 5)] as [[UInt8]]
    )
    func refusesOtherLengths(_ bytes: [UInt8]) {
        #expect(!AddressGuard.isPublic(bytes))
    }

    @Test(
        "text that is no address, or has a zone, has no bytes",
        arguments: ["", "localhost", "1.2.3", "fe80::1%eth0"]
    )
    func refusesOtherText(_ text: String) {
        #expect(AddressGuard.bytes(of: text) == nil)
    }

    @Test(
        "this machine is known in all its spellings",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false),
            ("::2", false), ("::ffff:10.0.0.1", false), ("8.8.8.8", false),
        ]
    )
    func knowsLoopback(_ text: String, isLoopback: Bool) throws {
        #expect(AddressGuard.isLoopback(try #require(AddressGuard.bytes(of: text))) == isLoopback)
    }
}
