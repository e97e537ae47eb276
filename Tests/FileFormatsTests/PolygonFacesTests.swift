import Foundation
import Testing

@testable import FileFormats

struct PolygonFacesTests {
  /// The triangles of one polygon, as a file has it.
  private func triangles(_ points: [SIMD3<Double>]) throws -> [[SIMD3<Double>]] {
    var text = "OFF\n\(points.count) 1 0\n"
    for p in points { text += "\(p.x) \(p.y) \(p.z)\n" }
    text += "\(points.count) " + points.indices.map(String.init).joined(separator: " ")
    let file = try GeometryFile(bytes: Array(text.utf8), as: .off, path: "p.off")
    return stride(from: 0, to: file.triangles.count, by: 3).map { k in (0..<3).map { points[Int(file.triangles[k + $0])] } }
  }

  private func flat(_ points: [(Double, Double)]) -> [SIMD3<Double>] { points.map { SIMD3($0.0, $0.1, 0) } }

  private func cross(_ t: [SIMD3<Double>]) -> SIMD3<Double> {
    let (a, b) = (t[1] - t[0], t[2] - t[0])
    return SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  private func area(_ triangles: [[SIMD3<Double>]]) -> Double {
    triangles.reduce(0) { sum, t in sum + (cross(t) * cross(t)).sum().squareRoot() / 2 }
  }

  /// Areas by the shoelace formula, by hand: an arrow, an L, a comb, a star of five rays, a square with a square hole joined by a cut.
  private static let outlines: [([(Double, Double)], Double)] = [
    ([(4, 0), (1, 1), (0, 4), (0, 0)], 4), ([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)], 3),
    ([(0, 0), (7, 0), (7, 3), (6, 3), (6, 1), (4, 1), (4, 3), (3, 3), (3, 1), (1, 1), (1, 3), (0, 3)], 13),
    (
      (0..<10).map { k in
        let (r, angle) = (k % 2 == 0 ? 2.0 : 1.0, Double(k) * .pi / 5)
        return (r * cos(angle), r * sin(angle))
      }, 10 * sin(Double.pi / 5)
    ), ([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 1), (1, 3), (3, 3), (3, 1), (1, 1)], 12),
  ]

  /// Whichever corner comes first and whichever way round, in any plane and of any size, the triangles have the area of the polygon and look to
  /// its side.
  @Test func polygonsThatAreNotConvex() throws {
    for (outline, expected) in Self.outlines {
      for first in outline.indices {
        for isReversed in [false, true] {
          for scale in [1, 1e-30, 1e20] {
            var points = flat(Array(outline[first...] + outline[..<first])).map { SIMD3($0.x + 3, 0.6 * $0.y, 0.8 * $0.y) * scale }
            if isReversed { points.reverse() }
            let found = try triangles(points)
            #expect(found.count == outline.count - 2)
            let scaled = found.map { $0.map { $0 / scale } }
            #expect(abs(area(scaled) - expected) < 1e-9, "\(outline), \(first), \(isReversed): \(area(scaled))")
            let up = SIMD3(0, -0.8, 0.6) * (isReversed ? -1 : 1)
            for t in scaled { #expect((cross(t) * up).sum() > -1e-9) }
          }
        }
      }
    }
  }

  /// A convex polygon stays the fan about its first corner, with corners along its sides too.
  @Test func convexPolygonsAreFans() throws {
    let octagon = flat((0..<8).map { (cos(Double($0) * .pi / 4), sin(Double($0) * .pi / 4)) })
    #expect(try triangles(octagon) == (1..<7).map { [octagon[0], octagon[$0], octagon[$0 + 1]] })
    let square = flat([(0, 0), (1, 0), (2, 0), (2, 2), (0, 2), (0, 1)])
    #expect(try triangles(square) == (1..<5).map { [square[0], square[$0], square[$0 + 1]] })
  }

  /// A face that is not flat is seen along its mean normal.
  @Test func warpedFaces() throws {
    let saddle = [SIMD3(0.0, 0, 0), SIMD3(1, 0, 0.2), SIMD3(1, 1, 0), SIMD3(0, 1, 0.2)]
    #expect(try triangles(saddle) == [[saddle[0], saddle[1], saddle[2]], [saddle[0], saddle[2], saddle[3]]])
    // The arrow, its notch lifted: seen from above the area is the same.
    let arrow = [SIMD3(4.0, 0, 0), SIMD3(1, 1, 0.1), SIMD3(0, 4, 0), SIMD3(0, 0, 0)]
    let seen = try triangles(arrow).reduce(0) { $0 + cross($1).z / 2 }
    #expect(abs(seen - 4) < 1e-12)
    #expect(try triangles(arrow).allSatisfy { cross($0).z > 0 })
  }

  @Test(
    arguments: [
      [(0, 0), (1, 1), (1, 0), (0, 1)], [(0, 0), (3, 2), (3, 0), (0, 1)],
      (0..<5).map { (cos(Double($0) * 0.8 * .pi), sin(Double($0) * 0.8 * .pi)) },
      [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (4, 0), (4, 4), (0, 4)], [(0, 0), (3, 0), (3, 3), (1, -1), (-1, 3)],
    ] as [[(Double, Double)]])
  func outlinesThatCrossThemselvesAreRefused(outline: [(Double, Double)]) {
    let error = failure { try triangles(flat(outline)) }
    #expect(error?.kind == .malformed && error?.cause.contains("crosses itself") == true, "\(String(describing: error))")
    #expect(error?.place.line == outline.count + 3 && error?.cure == "cut it into triangles")
  }

  /// A gear of 1200 teeth would take its time; a convex face of as many corners is a fan.
  @Test func manyCorners() throws {
    func ring(_ inner: Double) -> [SIMD3<Double>] {
      flat(
        (0..<1200).map { k in
          let (r, angle) = (k % 2 == 0 ? 1 : inner, Double(k) * .pi / 600)
          return (r * cos(angle), r * sin(angle))
        })
    }
    #expect(failure { try triangles(ring(0.5)) }?.cause.contains("1200 corners") == true)
    #expect(abs(area(try triangles(ring(1))) - .pi) < 1e-3)
  }

  /// In binary files errors name the byte of the face.
  @Test func placesInBinaryFiles() throws {
    let header = """
      ply
      format binary_little_endian 1.0
      element vertex 4
      property float x
      property float y
      property float z
      element face 1
      property list uchar uchar vertex_indices
      end_header

      """
    var bytes = Array(header.utf8)
    bytes.append(memoryOf: [0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0] as [Float])
    let error = failure { try GeometryFile(bytes: bytes + [4, 0, 1, 2, 3], as: .ply(.ascii), path: "p") }
    #expect(error?.place.byte == bytes.count && error?.cause.contains("crosses itself") == true)
    let arrow = try GeometryFile(bytes: bytes + [4, 0, 2, 1, 3], as: .ply(.ascii), path: "p")
    #expect(arrow.triangles == [0, 2, 1, 0, 1, 3])
  }
}
