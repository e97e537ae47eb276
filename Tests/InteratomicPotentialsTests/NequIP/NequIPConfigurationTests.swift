import Equivariant
import Testing

@Suite struct NequIPConfigurationTests {
  @Test func declarations() {
    #expect(NequIPConfiguration.declarationFaults == [])
    #expect(MACEConfiguration.declarationFaults == [])
    #expect(PaiNNConfiguration.declarationFaults == [])
    #expect(SchNetConfiguration.declarationFaults == [])
    #expect(PNITAPotentialConfiguration.declarationFaults == [])
  }

  /// What there is no network of is said in the words of the options.
  @Test func refusals() {
    func refusal(_ change: (inout NequIPConfiguration) -> Void) -> String {
      var c = NequIPConfiguration()
      change(&c)
      return c.refusal ?? ""
    }
    #expect(refusal { _ in } == "")
    #expect(refusal { $0.elements = [1, 1] }.contains("--elements"))
    #expect(refusal { $0.elements = [0] }.contains("--elements"))
    #expect(refusal { $0.layers = [] }.contains("--layers"))
    #expect(refusal { $0.layers[1] = "3x0q" }.contains("0q"))
    #expect(refusal { $0.layers[0] = "4x1o+4x0e" }.contains("scalars first"))
    #expect(refusal { $0.layers[0] = "4x0e+4x1e" }.contains("not 1e"))
    #expect(refusal { $0.layers[2] = "4x1o" }.contains("even scalars"))
    #expect(refusal { $0.neighbors = [1] }.contains("--neighbors"))
    #expect(refusal { $0.neighbors[0] = -1 }.contains("--neighbors"))
    #expect(refusal { $0.cutoff = .nan }.contains("--cutoff"))
    #expect(refusal { ($0.envelope, $0.envelopeStart) = (.switching, 6) }.contains("--envelope-start"))
    #expect(refusal { $0.radialWidths = [] }.contains("--radial-widths"))
  }

  @Test func refusalsOfMACE() {
    func refusal(_ change: (inout MACEConfiguration) -> Void) -> String {
      var c = MACEConfiguration()
      change(&c)
      return c.refusal ?? ""
    }
    #expect(refusal { _ in } == "")
    #expect(refusal { $0.layers[0] = "4x0e+3x1o" }.contains("same number of channels"))
    #expect(refusal { $0.layers[1] = "4x0e" }.contains("same number of channels"))
    #expect(refusal { $0.layers[0] = "128x0e+128x1e" }.contains("0e, 1o, 2e"))
    #expect(refusal { $0.correlations = [3] }.contains("--correlations"))
    #expect(refusal { $0.correlations = [3, 9] }.contains("--correlations"))
    #expect(refusal { $0.interactions = [] }.contains("--interactions"))
    #expect(refusal { $0.heads = ["a", "a"] }.contains("--heads"))
    #expect(refusal { ($0.degree, $0.layers[0]) = (0, "128x0e+128x1o") }.contains("degrees"))
  }
}
