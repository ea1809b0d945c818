/** A service of AWS does not answer now; trying again later may help. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
}
