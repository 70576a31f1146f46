/** From which positions in a text to which a part of a pattern may lead. */
type Step = (text: string, from: ReadonlySet<number>) => Set<number>;

/** Deeper groups, and larger counts, are for no name of a series. */
const limits = { length: 200, depth: 8, count: 20 };

class NotUnderstood extends Error {}

/**
 * Matches names by the common part of regular expressions: `. [a-z] \d \w \s | ( ) * + ? {2,3} ^ $`,
 * without case. It follows all ways at once, so that no pattern from a shared address can hang the
 * page, as the engine of the browser does with `(a+)+$`. Null for what it does not understand.
 */
export function namePattern(pattern: string): ((name: string) => boolean) | null {
  if (pattern.length > limits.length) return null;
  try {
    const step = new Parser(pattern.toLowerCase()).parse();
    return (name) => {
      const text = name.toLowerCase();
      return step(text, new Set(Array.from({ length: text.length + 1 }, (_, at) => at))).size > 0;
    };
  } catch (error) {
    if (error instanceof NotUnderstood) return null;
    throw error;
  }
}

const letters: Record<string, RegExp> = { d: /\d/, w: /\w/, s: /\s/ };

function oneOf(test: (letter: string) => boolean): Step {
  return (text, from) => {
    const to = new Set<number>();
    for (const at of from) if (at < text.length && test(text.charAt(at))) to.add(at + 1);
    return to;
  };
}

function where(test: (text: string, at: number) => boolean): Step {
  return (text, from) => new Set([...from].filter((at) => test(text, at)));
}

function both(first: Step, second: Step): Step {
  return (text, from) => second(text, first(text, from));
}

function either(...steps: Step[]): Step {
  return (text, from) => new Set(steps.flatMap((step) => [...step(text, from)]));
}

const nothing: Step = (_, from) => new Set(from);

/** Any number of times: each position is followed once. */
function repeated(step: Step): Step {
  return (text, from) => {
    const reached = new Set(from);
    for (let next = step(text, from); next.size > 0; ) {
      const fresh = new Set([...next].filter((at) => !reached.has(at)));
      for (const at of fresh) reached.add(at);
      next = fresh.size > 0 ? step(text, fresh) : fresh;
    }
    return reached;
  };
}

class Parser {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): Step {
    const step = this.#alternatives();
    if (this.#at < this.#pattern.length) throw new NotUnderstood();
    return step;
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #next(): string {
    const letter = this.#pattern.charAt(this.#at);
    if (letter === "") throw new NotUnderstood();
    this.#at += 1;
    return letter;
  }

  #alternatives(): Step {
    const steps = [this.#sequence()];
    while (this.#take("|")) steps.push(this.#sequence());
    return steps.length === 1 ? (steps[0] ?? nothing) : either(...steps);
  }

  #sequence(): Step {
    let step = nothing;
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern.charAt(this.#at))) {
      step = both(step, this.#counted(this.#atom()));
    }
    return step;
  }

  #counted(atom: Step): Step {
    if (this.#take("*")) return repeated(atom);
    if (this.#take("+")) return both(atom, repeated(atom));
    if (this.#take("?")) return either(nothing, atom);
    const [all, least, comma, most] =
      /^\{(\d+)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at)) ?? [];
    if (all === undefined) return atom;
    this.#at += all.length;
    const from = Number(least);
    const to = comma ? (most ? Number(most) : null) : from;
    if (from > limits.count || (to !== null && (to > limits.count || to < from))) {
      throw new NotUnderstood();
    }
    let step = nothing;
    for (let i = 0; i < from; i++) step = both(step, atom);
    if (to === null) return both(step, repeated(atom));
    for (let i = from; i < to; i++) step = both(step, either(nothing, atom));
    return step;
  }

  #atom(): Step {
    const letter = this.#next();
    switch (letter) {
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case ".":
        return oneOf(() => true);
      case "^":
        return where((_, at) => at === 0);
      case "$":
        return where((text, at) => at === text.length);
      case "\\":
        return oneOf(this.#escaped());
      case "*":
      case "+":
      case "?":
        throw new NotUnderstood();
      default:
        return oneOf((other) => other === letter);
    }
  }

  #group(): Step {
    this.#depth += 1;
    if (this.#depth > limits.depth) throw new NotUnderstood();
    this.#take("?:");
    const step = this.#alternatives();
    if (!this.#take(")")) throw new NotUnderstood();
    this.#depth -= 1;
    return step;
  }

  #escaped(): (letter: string) => boolean {
    const letter = this.#next();
    const known = letters[letter];
    if (known) return (other) => known.test(other);
    if (/\w/.test(letter)) throw new NotUnderstood();
    return (other) => other === letter;
  }

  #class(): Step {
    const not = this.#take("^");
    const tests: ((letter: string) => boolean)[] = [];
    do {
      const from = this.#next();
      if (from === "\\") tests.push(this.#escaped());
      else if (/^-[^\]]/.test(this.#pattern.slice(this.#at))) {
        this.#at += 1;
        const to = this.#next();
        tests.push((letter) => from <= letter && letter <= to);
      } else tests.push((letter) => letter === from);
    } while (!this.#take("]"));
    return oneOf((letter) => tests.some((test) => test(letter)) !== not);
  }
}
