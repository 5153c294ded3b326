import Testing

@Suite struct SimulatorTests {}
