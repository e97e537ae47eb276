import DifferentiableTensors
import Foundation
import Testing

@testable import MessagePassing

@Suite struct NeighborListTests {
  private static func random(_ range: ClosedRange<Double>, _ source: inout RandomSource) -> Double {
    Double.random(in: range, using: &source)
  }

  private static func point(_ size: Double, _ source: inout RandomSource) -> SIMD3<Double> {
    SIMD3(random(-size...size, &source), random(-size...size, &source), random(-size...size, &source))
  }

  /// A cell of one of the kinds that searches get wrong.
  private static func cell(_ kind: Int, _ source: inout RandomSource) -> PeriodicCell? {
    func isPeriodic(_ source: inout RandomSource) -> [Bool] { (0..<3).map { _ in Bool.random(using: &source) } }
    switch kind {
    case 0: return nil
    case 1:
      return PeriodicCell(SIMD3(random(2...9, &source), 0, 0), SIMD3(0, random(2...9, &source), 0), SIMD3(0, 0, random(2...9, &source)))
    case 2:
      let axes = isPeriodic(&source)
      return PeriodicCell(point(6, &source), point(6, &source), point(6, &source), isPeriodic: axes)
    case 3:  // Thin.
      return PeriodicCell(SIMD3(0.7, 0, 0), SIMD3(random(-3...3, &source), 5, 0), SIMD3(0, random(-3...3, &source), 6))
    case 4:  // Much inclined.
      return PeriodicCell(
        SIMD3(3, 0, 0), SIMD3(random(-30...30, &source), 3, 0), SIMD3(random(-20...20, &source), random(-20...20, &source), 3))
    case 5:  // Left-handed.
      return PeriodicCell(SIMD3(0, 4, 0.3), SIMD3(5, 0, 0.1), SIMD3(0, 0.2, 6))
    case 6:  // Smaller than the cut-off by far.
      return PeriodicCell(SIMD3(1.1, 0.1, 0), SIMD3(0.2, 1.3, 0), SIMD3(0, 0.3, 1.2))
    case 7:  // A slab whose third vector is zero.
      return PeriodicCell(SIMD3(4, 0, 0), SIMD3(1, 3, 0), .zero, isPeriodic: [true, true, false])
    default:  // A wire whose other vectors are zero.
      return PeriodicCell(.zero, SIMD3(1, 2, 0.5), .zero, isPeriodic: [false, true, false])
    }
  }

  @Test(arguments: 0..<9) func equalsEveryAtomWithEveryImage(_ kind: Int) throws {
    var source = RandomSource(seed: UInt64(100 + kind))
    for round in 0..<25 {
      let cell = Self.cell(kind, &source)
      // A random cell may have next to no volume: those take forever, here and there.
      if let cell, kind == 2 {
        let lengths = cell.vectors.reduce(1) { $0 * norm($1) }
        guard cell.volume > 0.05 * lengths, cell.vectors.allSatisfy({ norm($0) > 1 }) else { continue }
      }
      let count = kind == 6 ? Int.random(in: 1...3, using: &source) : Int.random(in: 0...12, using: &source)
      let positions = (0..<count).map { _ in Self.point(round % 4 == 0 ? 12 : 3, &source) }
      let cutoff = kind == 4 ? 2.5 : Self.random(0.5...4, &source)
      let list = try NeighborList(positions: positions, cell: cell, cutoff: cutoff)
      #expect(PlainNeighbors(list) == PlainNeighbors(positions, cell, cutoff: cutoff), "kind \(kind), round \(round)")
      #expect(list.atomCount == count && list.cutoff == cutoff)
    }
  }

  /// Many bins along every axis, positions inside and outside of the cell.
  @Test func manyAtoms() throws {
    var source = RandomSource(seed: 4)
    for cell in [
      nil, PeriodicCell(SIMD3(21, 0, 0), SIMD3(5, 19, 0), SIMD3(-4, 3, 17)),
      PeriodicCell(SIMD3(21, 0, 0), SIMD3(5, 19, 0), SIMD3(-4, 3, 17), isPeriodic: [true, false, true]),
    ] {
      let positions = (0..<120).map { _ in Self.point(10, &source) }
      let list = try NeighborList(positions: positions, cell: cell, cutoff: 3)
      #expect(list.edgeCount > 100 && PlainNeighbors(list) == PlainNeighbors(positions, cell, cutoff: 3))
    }
  }

  /// By hand: in a row of atoms 1 apart, each has two neighbours nearer than 1.5 and four up to 2.5.
  @Test func rowOfAtoms() throws {
    let cell = PeriodicCell(SIMD3(1, 0, 0), .zero, .zero, isPeriodic: [true, false, false])
    let list = try NeighborList(positions: [.zero], cell: cell, cutoff: 2.5)
    #expect(list.images.map(\.x) == [-2, -1, 1, 2] && list.neighbors == [0, 0, 0, 0])
    #expect(list.vectors(positions: [.zero], cell: cell) == [SIMD3(-2, 0, 0), SIMD3(-1, 0, 0), SIMD3(1, 0, 0), SIMD3(2, 0, 0)])
    #expect(list.graph.receivers.rows == [0, 0, 0, 0] && list.graph.senders.rows == [0, 0, 0, 0])
    // Unwrapped: the image tells where the neighbour is.
    let far = try NeighborList(positions: [.zero, SIMD3(1000.5, 0, 0)], cell: cell, cutoff: 0.75)
    #expect(far.neighbors == [1, 1, 0, 0] && far.images.map(\.x) == [-1001, -1000, 1000, 1001])
  }

  /// Coordination shells of crystals (Kittel, Introduction to Solid State Physics): 12, 6, 24 of fcc, 8, 6, 12 of bcc, by one atom a cell.
  @Test func shellsOfCrystals() throws {
    let fcc = PeriodicCell(SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0))
    let bcc = PeriodicCell(SIMD3(-0.5, 0.5, 0.5), SIMD3(0.5, -0.5, 0.5), SIMD3(0.5, 0.5, -0.5))
    for (cell, cutoff, count) in [(fcc, 0.8, 12), (fcc, 1.1, 18), (fcc, 1.3, 42), (bcc, 0.9, 8), (bcc, 1.1, 14), (bcc, 1.5, 26)] {
      #expect(try NeighborList(positions: [SIMD3(0.3, 7, -2)], cell: cell, cutoff: cutoff).edgeCount == count)
    }
  }

  /// Every pair is found from both of its atoms, also where rounding decides whether it is nearer than the cut-off: atoms of a lattice at
  /// exactly that distance, moved about.
  @Test func pairsAreMutual() throws {
    var source = RandomSource(seed: 9)
    for round in 0..<12 {
      let edge = Self.random(0.9...1.1, &source)
      let origin = Self.point(50, &source)
      var positions: [SIMD3<Double>] = []
      for a in 0..<3 { for b in 0..<3 { for c in 0..<3 { positions.append(origin + edge * SIMD3(Double(a), Double(b), Double(c))) } } }
      let cell = PeriodicCell(SIMD3(3 * edge, 0, 0), SIMD3(0, 3 * edge, 0), SIMD3(0, 0, 3 * edge))
      let list = try NeighborList(positions: positions, cell: round % 2 == 0 ? cell : nil, cutoff: edge)
      var pairs: Set<[Int32]> = []
      for i in 0..<list.atomCount {
        for e in list.firstEdge[i]..<list.firstEdge[i + 1] {
          pairs.insert([Int32(i), list.neighbors[e], list.images[e].x, list.images[e].y, list.images[e].z])
        }
      }
      #expect(pairs.allSatisfy { pairs.contains([$0[1], $0[0], -$0[2], -$0[3], -$0[4]]) })
    }
  }

  /// The neighbours do not depend on which image of an atom is given, nor on how the lattice is spanned.
  @Test func choiceOfImagesAndOfVectors() throws {
    var source = RandomSource(seed: 12)
    let cell = PeriodicCell(SIMD3(5, 0, 0), SIMD3(1, 6, 0), SIMD3(2, 3, 7))
    let positions = (0..<20).map { _ in Self.point(6, &source) }
    let sheared = PeriodicCell(cell.vectors[0], cell.vectors[1] + 40 * cell.vectors[0], cell.vectors[2] - 25 * cell.vectors[1])
    let moved = positions.map { $0 + cell.translation(SIMD3(.random(in: -9...9, using: &source), 3, -70)) }
    func lengths(_ p: [SIMD3<Double>], _ cell: PeriodicCell) throws -> [[Double]] {
      let list = try NeighborList(positions: p, cell: cell, cutoff: 4)
      let r = list.vectors(positions: p, cell: cell).map(norm)
      return (0..<20).map { i in r[list.firstEdge[i]..<list.firstEdge[i + 1]].sorted() }
    }
    let right = try lengths(positions, cell)
    for other in [try lengths(moved, cell), try lengths(positions, sheared), try lengths(moved, sheared)] {
      for (a, b) in zip(right, other) {
        #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-10 })
      }
    }
  }

  @Test func errorsNameAtoms() throws {
    let cube = PeriodicCell(SIMD3(4, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 4))
    func error(_ positions: [SIMD3<Double>], _ cell: PeriodicCell? = nil, _ cutoff: Double = 3) -> NeighborListError? {
      #expect(throws: NeighborListError.self) { try NeighborList(positions: positions, cell: cell, cutoff: cutoff) }
    }
    let infinite = SIMD3(0, .infinity, 0.0)
    #expect(error([.zero, infinite]) == .position(atom: 1, infinite))
    #expect(error([SIMD3(.nan, 0, 0)])?.description.contains("atom 0") == true)
    #expect(error([SIMD3(0, 1e200, 0)])?.description.contains("no place in space") == true)
    for cutoff in [0, -1, .nan, .infinity] as [Double] { #expect(error([.zero], nil, cutoff)?.description.contains("cut-off is") == true) }
    let same = [SIMD3(0.5, 0, 0), SIMD3(2, 0, 0), SIMD3(0.5, 4, 0)]
    #expect(error(same, cube) == .coincident(first: 0, second: 2, image: SIMD3(0, -1, 0), distance: 0))
    #expect(error(same, cube)?.description.contains("atoms 0 and 2 (in the image 0, -1, 0 of the cell) are at one place") == true)
    #expect(error([.zero, SIMD3(0, 0, 3e-7)])?.description.contains("atoms 0 and 1 are at one place, 3e-07 apart") == true)
    _ = try NeighborList(positions: [.zero, SIMD3(0, 0, 3e-6)], cutoff: 1)
    for flat in [
      PeriodicCell(.zero, .zero, .zero), PeriodicCell(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 1, 0)),
      PeriodicCell(SIMD3(1, 2, 3), SIMD3(2, 4, 6), .zero, isPeriodic: [true, true, false]),
      PeriodicCell(SIMD3(.nan, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)), PeriodicCell(SIMD3(1e200, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)),
    ] {
      #expect(error([.zero], flat)?.description.contains("no volume") == true)
    }
    // No volume does no harm where nothing repeats.
    #expect(
      try NeighborList(positions: [.zero], cell: PeriodicCell(.zero, .zero, .zero, isPeriodic: [false, false, false]), cutoff: 1).edgeCount
        == 0)
    for (positions, cell, cutoff) in [
      ([SIMD3<Double>.zero], cube, 1e5), ([.zero], PeriodicCell(SIMD3(1e-5, 0, 0), SIMD3(0, 1e-5, 0), SIMD3(0, 0, 1e-5)), 5),
      ([.zero], PeriodicCell(SIMD3(1e-11, 0, 0), .zero, .zero, isPeriodic: [true, false, false]), 1e10),
    ] {
      #expect(error(positions, cell, cutoff)?.description.contains("pairs within the cut-off") == true)
    }
    #expect(error([SIMD3(1e11, 0, 0)], cube)?.description.contains("atom 0 lies more than a billion cells outside") == true)
  }

  /// Atoms light-years apart: as many bins as atoms, no more.
  @Test func scatteredAtoms() throws {
    let positions = (0..<200).map { SIMD3(pow(1.05, Double($0)), -pow(1.04, Double($0)), Double($0 % 7)) }
    let list = try NeighborList(positions: positions, cutoff: 5)
    #expect(PlainNeighbors(list) == PlainNeighbors(positions, nil, cutoff: 5))
  }

  /// A check that takes any list for the right one would pass all of the above.
  @Test func aMissingPairIsSeen() throws {
    let positions = [SIMD3<Double>.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)]
    let list = try NeighborList(positions: positions, cutoff: 1.2)
    #expect(PlainNeighbors(list) != PlainNeighbors(positions, nil, cutoff: 1.5))
  }
}
