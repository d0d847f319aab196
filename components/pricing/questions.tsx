import type { Question } from "@/lib/domain/pricing-questions";

/** Questions with their answers folded away; they open without JavaScript, and are found by a search in the page. */
export function Questions({ questions }: { questions: Question[] }) {
  return (
    <div className="max-w-text divide-y divide-line rounded-card border border-line bg-surface shadow-card">
      {questions.map(({ question, answer }) => (
        <details key={question} name="question" className="group px-5">
          <summary className="flex min-h-12 cursor-pointer items-center py-3 font-medium">{question}</summary>
          <p className="pb-4 text-muted">{answer}</p>
        </details>
      ))}
    </div>
  );
}
