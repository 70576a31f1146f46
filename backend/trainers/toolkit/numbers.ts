/** Typed arrays that own their memory, as the array library requires. */
export type Floats = Float32Array<ArrayBuffer>;
export type Integers = Int32Array<ArrayBuffer>;
