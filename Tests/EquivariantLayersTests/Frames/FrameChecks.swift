import Equivariant
import Foundation
import Testing

/// Plain networks and symmetric clouds for the tests of frames.
enum FrameChecks {
  /// A network that knows nothing: it mixes all rows of a cloud, and is neither invariant nor equivariant under anything.
  struct Mixer<Scalar: TensorScalar>: Layer {
    var network: MLP<Scalar>
    let rows: Int?

    /// [frames, rows, inputs] to [frames, rows, outputs], or to [frames, outputs] for rows nil.
    init(rows: Int, inputs: Int, outputs: Int, perRow: Bool = true, seed: UInt64 = 1) {
      var generator = RandomSource(seed: seed)
      network = MLP(widths: [rows * inputs, 24, (perRow ? rows : 1) * outputs], activation: .tanh, using: &generator)
      self.rows = perRow ? rows : nil
      // Larger than usual, so that it is far from linear.
      network.forEachTensor { _, _, t in t = .normal(t.shape, standardDeviation: 0.7, using: &generator) }
    }
    func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
      let n = x.shape[0]
      let y = network(x.reshaped(n, x.count / n))
      return rows.map { y.reshaped(n, $0, y.shape[1] / $0) } ?? y
    }
    mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &network) }
  }

  /// How a Euclidean element acts on an axis of features, element by element: a plain twin of what frames do.
  static func action<S: TensorScalar>(_ features: [FrameFeature], _ d: Int) -> Action<EuclideanElement, Tensor<S>> {
    Action(on: [TensorField("", \.self)]) { g, x in
      let r = Tensor<Double>(g.linear.elements, shape: [d, d])
      let t = Tensor<Double>(g.translation)
      var start = 0
      let parts = features.map { feature -> Tensor<S> in
        let width = feature.width(d)
        defer { start += width }
        // Differentiable in x, in its own precision.
        let block = x.sliced(axis: -1, start..<start + width)
        let lead = Array(block.shape.dimensions.dropLast())
        func turned(_ v: Tensor<S>) -> Tensor<S> { Tensor.matmul(v, r.converted(to: S.self), transposingSecond: true) }
        switch feature {
        case .scalars: return block
        case .vectors(let n): return turned(block.reshaped(to: Shape(lead + [n, d]))).reshaped(to: block.shape)
        case .points(let n): return (turned(block.reshaped(to: Shape(lead + [n, d]))) + t.converted(to: S.self)).reshaped(to: block.shape)
        case .tensors(let n, let rank):
          precondition(rank == 2)
          let m = block.reshaped(to: Shape(lead + [n, d, d]))
          let rt = r.converted(to: S.self)
          return Tensor.matmul(Tensor.matmul(rt, m), rt, transposingSecond: true).reshaped(to: block.shape)
        }
      }
      return .concatenated(parts)
    }
  }

  /// Points in space with symmetry, or degenerate, by name.
  static let clouds: [(name: String, points: [[Double]])] = {
    let phi = (1 + 5.0.squareRoot()) / 2
    var all: [(String, [[Double]])] = []
    let signs = [1.0, -1]
    let cube: [[Double]] = signs.flatMap { x in signs.flatMap { y in signs.map { z -> [Double] in [x, y, z] } } }
    all.append(("tetrahedron", [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]))
    all.append(("cube", cube))
    all.append(("octahedron", [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]))
    func cyclic(_ a: Double, _ b: Double) -> [[Double]] {
      signs.flatMap { s in signs.flatMap { t -> [[Double]] in [[0, s * a, t * b], [s * a, t * b, 0], [t * b, 0, s * a]] } }
    }
    all.append(("icosahedron", cyclic(1, phi)))
    all.append(("dodecahedron", cube + cyclic(1 / phi, phi)))
    for n in [3, 4, 5, 6, 7] {
      func polygon(height: Double, turned angle: Double = 0) -> [[Double]] {
        (0..<n).map { k -> [Double] in
          let t = 2 * Double.pi * Double(k) / Double(n) + angle
          return [cos(t), sin(t), height]
        }
      }
      all.append(("\(n)-gon", polygon(height: 0)))
      all.append(("\(n)-prism", polygon(height: 0.4) + polygon(height: -0.4)))
      all.append(("\(n)-pyramid", polygon(height: 0) + [[0, 0, 1.3]]))
      all.append(("twisted \(n)-prism", polygon(height: 0.4) + polygon(height: -0.4, turned: 0.3)))
    }
    all.append(("collinear", [[0, 0, 0], [1, 2, 3], [2, 4, 6], [-3, -6, -9]]))
    all.append(("collinear and symmetric", [[1, 2, 3], [-1, -2, -3]]))
    all.append(("planar", [[0, 0, 0], [1, 0, 0], [0, 2, 0], [3, 1, 0]]))
    all.append(("coincident", [[1, 2, 3], [1, 2, 3], [1, 2, 3]]))
    all.append(("single", [[1, 2, 3]]))
    all.append(("chiral", [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1], [0.5, 0.2, 0.1], [-0.2, 0.5, -0.3]]))
    // Copies of a chiral triple under the rotations of the cube: degenerate, with no reflection among its symmetries.
    let rotations = PointGroup.o
    all.append(("chiral cube", rotations.elements.map { rotations.orthogonalElement(of: $0).matrix * [0.3, 0.8, 1.1] }))
    return all
  }()

  /// An array of the authors' outputs; see References/README.md.
  static func reference(_ name: String, _ shape: Shape) throws -> Tensor<Double> {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let archive = try NumericArchive(contentsOf: url.appending(path: "References/fa_fixed_backbone.npz").path)
    return Tensor(try archive.doubles(name), shape: shape)
  }

  static func tensor<S: TensorScalar>(_ points: [[Double]]) -> Tensor<S> {
    Tensor<Double>(rows: points).converted(to: S.self).expandingAxis(0)
  }
}
