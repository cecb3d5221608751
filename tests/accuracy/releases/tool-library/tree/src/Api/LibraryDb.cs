using Microsoft.EntityFrameworkCore;

namespace ToolLibrary.Api;

public class Branch { public int Id { get; set; } public required string Name { get; set; } public List<Tool> Tools { get; } = []; }

public class Tool
{
    public int Id { get; set; }
    public required string Code { get; set; }
    public required string Name { get; set; }
    public int BranchId { get; set; }
    public Branch Branch { get; set; } = null!;
    public decimal DepositEur { get; set; }
    public bool Broken { get; set; }
}

public class Member
{
    public Guid Id { get; set; }
    public required string Subject { get; set; }
    public required string Name { get; set; }
    public required string Email { get; set; }
    public bool Newsletter { get; set; }
    public DateOnly? LeftOn { get; set; }
}

public class Loan
{
    public Guid Id { get; set; }
    public int ToolId { get; set; }
    public Tool Tool { get; set; } = null!;
    public Guid MemberId { get; set; }
    public Member Member { get; set; } = null!;
    public DateOnly From { get; set; }
    public DateOnly Until { get; set; }
    public DateTimeOffset? ReturnedAt { get; set; }
    public byte[] Version { get; set; } = [];
}

public class AuditEntry
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Who { get; set; }
    public required string What { get; set; }
    public required string On { get; set; }
    public required string Ip { get; set; }
}

public class LibraryDb(DbContextOptions<LibraryDb> options) : DbContext(options)
{
    public DbSet<Branch> Branches => Set<Branch>();
    public DbSet<Tool> Tools => Set<Tool>();
    public DbSet<Member> Members => Set<Member>();
    public DbSet<Loan> Loans => Set<Loan>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    protected override void OnModelCreating(ModelBuilder m)
    {
        m.Entity<Branch>().HasIndex(b => b.Name).IsUnique();
        m.Entity<Tool>(t =>
        {
            t.HasIndex(x => x.Code).IsUnique();
            t.HasOne(x => x.Branch).WithMany(b => b.Tools).HasForeignKey(x => x.BranchId).OnDelete(DeleteBehavior.Restrict);
            t.Property(x => x.DepositEur).HasPrecision(8, 2);
            t.ToTable(x => x.HasCheckConstraint("CK_Tool_Deposit", "DepositEur BETWEEN 0 AND 2000"));
        });
        m.Entity<Member>(x => { x.HasIndex(p => p.Email).IsUnique(); x.HasIndex(p => p.Subject).IsUnique(); });
        m.Entity<Loan>(l =>
        {
            l.Property(x => x.Version).IsRowVersion();
            l.HasOne(x => x.Tool).WithMany().OnDelete(DeleteBehavior.Restrict);
            l.HasOne(x => x.Member).WithMany().OnDelete(DeleteBehavior.Cascade);
            l.HasIndex(x => x.ToolId).IsUnique().HasFilter("[ReturnedAt] IS NULL");
            l.HasIndex(x => new { x.MemberId, x.From });
            l.ToTable(x => x.HasCheckConstraint("CK_Loan_Span", "[Until] >= [From] AND DATEDIFF(day, [From], [Until]) <= 28"));
        });
        m.Entity<AuditEntry>(a => { a.ToTable("Audit", t => t.HasTrigger("none")); a.HasIndex(x => x.At); });
    }
}
