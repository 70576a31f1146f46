/** Typed arrays that own their memory, which is what the array library takes. */
export type Floats = Float32Array<ArrayBuffer>;
export type Integers = Int32Array<ArrayBuffer>;
