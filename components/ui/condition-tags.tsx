import { Tag } from "./tag";

interface ConditionTagsProps {
  conditions: readonly string[];
  /** A condition in words. */
  describe: (condition: string) => string;
  onChange: (conditions: string[]) => void;
}

/** The conditions of a filter, each with a button that removes it. */
export function ConditionTags({ conditions, describe, onChange }: ConditionTagsProps) {
  if (conditions.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-1">
      {conditions.map((condition) => (
        <Tag
          key={condition}
          className="max-w-full"
          removeLabel={`Remove condition ${describe(condition)}`}
          onRemove={() => onChange(conditions.filter((other) => other !== condition))}
        >
          {describe(condition)}
        </Tag>
      ))}
    </div>
  );
}
