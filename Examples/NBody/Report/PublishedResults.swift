/// A published error on the charged 5-body task: 3000 training samples, frame 30 to frame 40.
struct PublishedResult {
  let method: String
  /// The error as printed, in units of 1.
  let mse: Double
  /// The error as the source prints it.
  let printed: String
  /// The source of the number.
  let source: String
  /// The address of the source, or of the method's code where the number itself was not found.
  let address: String?
  /// False for a number that is often quoted but was found in no primary source.
  var isVerified = true
}

/// The literature on the charged 5-body task.
enum PublishedResults {
  private static let egnnTable = "EGNN paper"
  private static let egnnAddress = "https://arxiv.org/abs/2102.09844"
  private static let ponita = "PONITA’s README"
  private static let ponitaAddress = "https://github.com/ebekkers/ponita"

  /// The published error of EGNN, which this program's default model should approach: 0.0071 in its paper, and 0.0070 as quoted later.
  static let egnn = 0.0071

  /// All published results, by falling error.
  static let charged: [PublishedResult] = [
    PublishedResult(method: "Linear", mse: 0.0819, printed: "0.0819", source: egnnTable, address: egnnAddress),
    PublishedResult(method: "SE(3)-Transformer", mse: 0.0244, printed: "0.0244", source: egnnTable, address: egnnAddress),
    PublishedResult(method: "Tensor Field Network", mse: 0.0155, printed: "0.0155", source: egnnTable, address: egnnAddress),
    PublishedResult(method: "GNN (not equivariant)", mse: 0.0107, printed: "0.0107", source: egnnTable, address: egnnAddress),
    PublishedResult(method: "Radial Field", mse: 0.0104, printed: "0.0104", source: egnnTable, address: egnnAddress),
    PublishedResult(
      method: "EGNN", mse: 0.0071, printed: "0.0070–0.0071", source: egnnTable + "; 0.0070 in PONITA’s README",
      address: egnnAddress),
    PublishedResult(
      method: "GCPNet", mse: 0.007034, printed: "0.0070", source: "authors’ README (“NMS small”)",
      address: "https://github.com/BioinfoMachineLearning/GCPNet"),
    PublishedResult(
      method: "ClofNet", mse: 0.0065, printed: "0.0065", source: "quoted in later tables", address: nil, isVerified: false),
    PublishedResult(
      method: "FA-GNN", mse: 0.0057, printed: "0.0057", source: "quoted in later tables", address: nil, isVerified: false),
    PublishedResult(method: "SAKE", mse: 0.0049, printed: "0.0049", source: "quoted in later tables", address: nil, isVerified: false),
    PublishedResult(
      method: "SEGNN", mse: 0.0043, printed: "0.0043", source: ponita + " and of segnn-jax", address: "https://github.com/gerkone/segnn-jax"
    ),
    PublishedResult(method: "PONITA", mse: 0.0043, printed: "0.0043", source: ponita + ", three seeds", address: ponitaAddress),
    PublishedResult(
      method: "LPS (transformer)", mse: 0.0040, printed: "≈ 0.0040", source: "quoted; code at the address",
      address: "https://github.com/jw9730/lps", isVerified: false),
    PublishedResult(
      method: "CGENN", mse: 0.0039, printed: "0.0039", source: "quoted in a public review of “SE(3)-Hyena”", address: nil),
    PublishedResult(
      method: "Multivector Neurons", mse: 0.0035, printed: "0.0035", source: "authors’ README, mean of three runs (arXiv 2406.04052)",
      address: "https://github.com/congliuUvA/Multivector-Neurons"),
  ]
}
