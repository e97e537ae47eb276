import RealModule

extension Rotation3 {
  /// The rotation matrix, acting on column vectors (x, y, z).
  public var matrix: Matrix<Double> {
    Matrix(
      rows: 3, columns: 3,
      [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
      ])
  }

  /// The rotation of a 3×3 rotation matrix.
  ///
  /// Throws when max |MᵀM − 1| exceeds `tolerance` or the determinant is negative, saying how far off the matrix is; a deviation below the
  /// tolerance is removed. The quaternion's largest component is found first and the others are divided by it, so no digits cancel at any
  /// angle (Shepperd, 1978).
  public init(matrix m: Matrix<Double>, tolerance: Double = 1e-6) throws(GroupElementError) {
    let determinant = try orthogonalDeterminant(m, tolerance: tolerance)
    guard determinant > 0 else { throw .improper(determinant: determinant) }
    let (a, b, c) = (m[0, 0], m[1, 1], m[2, 2])
    // Four times the squares of w, x, y, z.
    let squares = [1 + a + b + c, 1 + a - b - c, 1 - a + b - c, 1 - a - b + c]
    let (sx, sy, sz) = (m[2, 1] + m[1, 2], m[0, 2] + m[2, 0], m[1, 0] + m[0, 1])
    let (dx, dy, dz) = (m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1])
    // In each case 4 q_k (w, x, y, z) for the largest q_k.
    switch squares.firstIndex(of: squares.max()!)! {
    case 0: self.init(normalizing: squares[0], dx, dy, dz)
    case 1: self.init(normalizing: dx, squares[1], sz, sy)
    case 2: self.init(normalizing: dy, sz, squares[2], sx)
    default: self.init(normalizing: dz, sy, sx, squares[3])
    }
  }

  /// The rotation R_y(α) R_x(β) R_y(γ), γ first (YXY Euler angles in radians). It is for the border only: inside, use quaternions or
  /// matrices.
  public init(alpha: Double, beta: Double, gamma: Double) {
    let (sine, cosine) = (Double.sin(beta / 2), Double.cos(beta / 2))
    let (sum, difference) = ((alpha + gamma) / 2, (alpha - gamma) / 2)
    self.init(
      normalizing: cosine * Double.cos(sum), sine * Double.cos(difference),
      cosine * Double.sin(sum), -sine * Double.sin(difference))
  }

  /// YXY Euler angles (α, β, γ) with R = R_y(α) R_x(β) R_y(γ), β in [0, π]; α = γ where only α ± γ is determined (β = 0 or π).
  public var eulerAngles: (alpha: Double, beta: Double, gamma: Double) {
    let (tilted, upright) = (Double.hypot(x, z), Double.hypot(w, y))
    let sum = upright == 0 ? 0 : Double.atan2(y: y, x: w)
    let difference = tilted == 0 ? 0 : Double.atan2(y: -z, x: x)
    return (sum + difference, 2 * Double.atan2(y: tilted, x: upright), sum - difference)
  }

  /// The rotation R_z(α) R_y(β) R_z(γ), γ first: the ZYZ Euler angles of quantum mechanics, in radians. It is for the border only.
  public init(zyzAlpha alpha: Double, beta: Double, gamma: Double) {
    // The even renaming of axes x → y → z → x turns YXY into ZYZ.
    let yxy = Rotation3(alpha: alpha, beta: beta, gamma: gamma)
    self.init(normalizing: yxy.w, yxy.z, yxy.x, yxy.y)
  }

  /// ZYZ Euler angles (α, β, γ) with R = R_z(α) R_y(β) R_z(γ), β in [0, π]; α = γ where only α ± γ is determined (β = 0 or π).
  public var zyzEulerAngles: (alpha: Double, beta: Double, gamma: Double) {
    Rotation3(normalizing: w, y, z, x).eulerAngles
  }

  /// The rotation by |v| radians about v = (x, y, z); the identity for v = 0. It is exact to rounding for any |v|.
  public init(rotationVector v: SIMD3<Double>) {
    let angle = UnitPoint(v).radius
    let half = v * (sinc(angle / 2) / 2)
    self.init(normalizing: Double.cos(angle / 2), half.x, half.y, half.z)
  }

  /// The rotation vector θ n, with θ in [0, π]; for θ = π, the one of ±n whose first non-zero component is positive. It is accurate near
  /// the identity (to the last bit of the quaternion's imaginary part) and near π.
  public var rotationVector: SIMD3<Double> {
    let u = SIMD3(x, y, z)
    let length = euclideanNorm(u)
    // Near the identity 2 atan(t)/t with t = length/w is 2 to rounding, also where length underflows.
    let scale = length < 1e-9 ? 2 : 2 * Double.atan2(y: length, x: w.magnitude) / length
    let first = x != 0 ? x : y != 0 ? y : z
    return u * (w < 0 || (w == 0 && first < 0) ? -scale : scale)
  }
}

/// The determinant of an orthogonal n×n matrix; throws when the matrix is not one to within `tolerance`.
func orthogonalDeterminant(_ m: Matrix<Double>, size n: Int = 3, tolerance: Double) throws(GroupElementError) -> Double {
  guard m.rows == n && m.columns == n else { throw .wrongShape(rows: m.rows, columns: m.columns, expected: n) }
  let deviation = (m.transposed * m).distance(to: .identity(n))
  guard deviation <= tolerance else { throw .notOrthogonal(deviation: deviation, tolerance: tolerance) }
  return m.determinant
}
